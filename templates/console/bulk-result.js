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
  if (run.finished) {
    return {
      title: `${plural(run.done, "job")} ${done}`,
      content: [
        run.skippedCount > 0 && h("p", {}, sum),
        left > 0 && h("p", {}, `${count(left)} had moved on by themselves meanwhile.`),
        ...skipped(run),
      ],
    };
  }
  const rest = h("p", {}, `${plural(left, "job is", "jobs are")} still to ${verb}. ${sum}`);
  const far = `after ${count(total - left)} of ${count(total)}`;
  return failed
    ? { title: `Came to a halt ${far}`, content: [fault(failed), rest, ...skipped(run)] }
    : { title: `Stopped ${far}`, content: [rest, ...skipped(run)] };
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
