// How a run ended: what was done, what was skipped and why, what is left.
import { ACTIONS, reasonWords } from "./bulk-words.js";
import { fault, h } from "./dom.js";
import { count, plural } from "./format.js";
import { jobAddress } from "./router.js";

const LINKS = 10;

export function resultOf(action, run, total, failed) {
  const { done, verb } = ACTIONS[action];
  const left = total - run.done - run.skippedCount;
  const sum = `${plural(run.done, "job")} ${done}, ${count(run.skippedCount)} skipped.`;
  const lost = lostWords(run, left, done);
  if (run.finished) {
    return {
      title: `${plural(run.done, "job")} ${done}`,
      content: [
        run.skippedCount > 0 && h("p", {}, sum),
        left > 0 && h("p", {}, `${plural(left, "job was", "jobs were")} no longer dead by then.`),
        lost,
        ...skipped(run),
      ],
    };
  }
  const rest = [h("p", {}, `${plural(left, "job is", "jobs are")} still to ${verb}. ${sum}`), lost];
  const far = `after ${count(total - left)} of ${count(total)}`;
  return failed
    ? { title: `Came to a halt ${far}`, content: [fault(failed), ...rest, ...skipped(run)] }
    : { title: `Stopped ${far}`, content: [...rest, ...skipped(run)] };
}

// A repeated call does not find what the first one did, or finds it no longer dead.
function lostWords(run, left, done) {
  const most = Math.min(run.perhaps, left + (run.skipped.get("not-dead")?.length ?? 0));
  if (most <= 0) return null;
  const were = run.finished ? "were probably" : "may have been";
  const whose = `${done} by a call whose answer was lost`;
  return h("p", {}, `Up to ${count(most)} of these ${were} ${whose}.`);
}

function skipped(run) {
  return [...run.skipped].map(([reason, ids]) =>
    h(
      "details",
      {},
      h("summary", {}, `${count(ids.length)} skipped: ${reasonWords(reason)}`),
      h(
        "ul",
        { class: "ids" },
        ids.slice(0, LINKS).map((id) => h("li", {}, h("a", { href: jobAddress(id) }, id))),
        ids.length > LINKS && h("li", {}, `and ${count(ids.length - LINKS)} more`),
      ),
    ),
  );
}
