// What happened to a job, oldest first: its attempts, and what people did.
import { folded, h } from "./dom.js";
import { duration, errorClass, plural, time } from "./format.js";

const ENDS = {
  completed: "Completed: the mail was handed over",
  dlq: "Died",
  discarded: "Discarded",
};
const DONE = {
  replayed: "Replayed",
  discarded: "Discarded",
  completed: "Completed instead of sent: the mail is known to have left",
};

export function timeline(job, opened) {
  const events = [
    ...job.attempts.map((attempt) => ({ at: attempt.startedAt, node: attempted(attempt, opened) })),
    ...job.interventions.map((done) => ({ at: done.at, node: intervened(done) })),
    ...end(job),
  ].sort((a, b) => new Date(a.at) - new Date(b.at));
  const earlier = job.tries - job.attempts.length - (job.status === "completed" ? 1 : 0);
  return h(
    "ol",
    { class: "timeline" },
    job.signIn && entry("accepted", job.createdAt, h("strong", {}, "Accepted")),
    job.attempts.length >= 20 &&
      earlier > 0 &&
      h("li", { class: "gap" }, `${plural(earlier, "earlier try", "earlier tries")} not kept`),
    events.map(({ node }) => node),
  );
}

// An end that a person brought about is told by what they did.
function end({ status, processedAt, interventions }) {
  const last = interventions.at(-1)?.action;
  if (!ENDS[status] || !processedAt || last === status) return [];
  return [{ at: processedAt, node: entry(status, processedAt, h("strong", {}, ENDS[status])) }];
}

function attempted(attempt, opened) {
  const took = attempt.endedAt && new Date(attempt.endedAt) - new Date(attempt.startedAt);
  return entry(
    "failed",
    attempt.startedAt,
    h("strong", {}, attempt.errorType ?? "Attempt"),
    " ",
    errorClass(attempt.errorClass),
    took !== null && [" ", h("span", { class: "took" }, `after ${duration(took)}`)],
    h("p", {}, attempt.error),
    trace(attempt.stackTrace, attempt.startedAt, opened),
  );
}

function intervened({ action, at, by, reason }) {
  return entry(
    "person",
    at,
    h("strong", {}, DONE[action] ?? action),
    ` by ${by || "somebody who gave no name"}`,
    reason && h("p", {}, `Reason: ${reason}`),
  );
}

function entry(kind, at, ...content) {
  return h("li", { class: kind }, h("div", { class: "when" }, time(at)), h("div", {}, ...content));
}

export function trace(text, name, opened) {
  return text && folded("Stack trace", h("pre", { tabindex: "0" }, text), name, opened);
}
