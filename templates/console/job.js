// All that is known of one job, and what can be done with it.
import { call, inWords } from "./api.js";
import { openBulk } from "./bulk-dialog.js";
import { button, facts, fault, folded, h } from "./dom.js";
import { errorClass, mayHaveLeft, plural, status, time } from "./format.js";
import { refreshed } from "./refreshed.js";
import { JOBS } from "./router.js";
import { timeline, trace } from "./timeline.js";

const EVERY_MS = 5000;
const ENDED = new Set(["completed", "dlq", "discarded"]);
const MOVING = new Set(["enqueued", "processing", "retrying"]);
const LONG_USER_AGENT = 250; // those of most browsers are shorter

export function job({ jobId }) {
  let asking = new AbortController();
  let timer = null;
  let known = ""; // the last answer, to leave alone what has not changed
  const opened = new Set(); // what is unfolded
  const body = h("div", {}, h("p", {}, "Loading"));

  async function load() {
    clearTimeout(timer);
    asking.abort();
    const { signal } = (asking = new AbortController());
    try {
      const answer = await call(`jobs/${encodeURIComponent(jobId)}`, { signal });
      const text = JSON.stringify(answer);
      if (text !== known) replace(...shownJob(answer, opened));
      known = text;
      refreshed(view, new Date());
      if (MOVING.has(answer.status) && !document.hidden) timer = setTimeout(load, EVERY_MS);
    } catch (error) {
      if (signal.aborted) return;
      known = "";
      replace(notShown(error, load));
      refreshed(view, null);
    }
  }

  function replace(...content) {
    const focused = body.contains(document.activeElement);
    body.replaceChildren(...content);
    if (focused) document.getElementById("main").focus({ preventScroll: true });
  }

  const reload = () => !document.hidden && load();
  addEventListener("jobs-changed", load);
  document.addEventListener("visibilitychange", reload);
  const view = {
    node: h(
      "article",
      { class: "job" },
      h("div", { class: "head" }, h("h1", {}, "Job"), h("code", { class: "id" }, jobId)),
      body,
    ),
    title: "Job",
    leave() {
      clearTimeout(timer);
      asking.abort();
      removeEventListener("jobs-changed", load);
      document.removeEventListener("visibilitychange", reload);
    },
  };
  load();
  return view;
}

function notShown(error, load) {
  if (error.status === 404) {
    return fault(
      "There is no such job. It may be mistyped, or too old: jobs are kept for some weeks only.",
      h("p", {}, h("a", { href: JOBS }, "Find another")),
    );
  }
  return fault(inWords(error), button("Try again", load));
}

function shownJob(job, opened) {
  return [
    h(
      "div",
      { class: "bar" },
      h(
        "p",
        {},
        status(job.status),
        " ",
        job.delivery && h("span", { class: "chip" }, job.delivery),
        " ",
        mayHaveLeft(job),
      ),
      job.status === "dlq" && actions(job),
    ),
    job.error && lastError(job, opened),
    h(
      "div",
      { class: "columns" },
      h("section", { class: "panel" }, h("h2", {}, "Job"), jobFacts(job)),
      h("section", { class: "panel" }, h("h2", {}, "Sign-in"), signInFacts(job.signIn, opened)),
    ),
    h("section", { class: "panel" }, h("h2", {}, "What happened"), timeline(job, opened)),
  ].filter(Boolean);
}

function actions({ jobId, signIn, mayHaveLeft }) {
  const filter = { jobIds: [jobId] };
  return h(
    "div",
    { class: "actions" },
    signIn &&
      button("Replay", () => openBulk("replays", filter, mayHaveLeft), { class: "primary" }),
    button("Discard", () => openBulk("discards", filter)),
  );
}

function lastError(job, opened) {
  return h(
    "section",
    { class: "panel last-error" },
    h("h2", {}, "Last error"),
    h("p", {}, h("strong", {}, job.errorType), " ", errorClass(job.errorClass)),
    h("p", {}, job.error),
    trace(job.stackTrace, "last", opened),
  );
}

function wentOut(job) {
  if (job.wentOut) return "yes, by an event of the mail provider";
  return job.status === "completed" ? "taken by the mail provider, no event yet" : "not known";
}

function movesOn({ status, due }) {
  if (status === "parked") return ["Parked until", time(due)];
  return ["Moves on by", due && [time(due), ", else the sweeper repairs it"]];
}

function jobFacts(job) {
  return facts([
    ["Type", job.jobType],
    ["Recipient", job.recipient || "not known"],
    ["Mail went out", wentOut(job)],
    ["Delivery", job.delivery],
    ["Reported as not theirs", time(job.reportedAt)],
    ["Created", time(job.createdAt)],
    ["Ended", time(job.processedAt)],
    ["Not tried before", ENDED.has(job.status) ? null : time(job.notBefore)],
    movesOn(job),
    ["Run", job.run],
    ["Attempts", `${job.attemptCount} in this run, ${plural(job.tries, "try", "tries")} in all`],
  ]);
}

function signInFacts(signIn, opened) {
  if (!signIn) return h("p", {}, "Only the message was found; nobody knows whose sign-in it was.");
  const { city, region, country } = signIn.location ?? {};
  return facts([
    ["User id", signIn.userId],
    ["Name", signIn.name],
    ["Provider", signIn.provider],
    ["Signed in", time(signIn.signedInAt)],
    ["IP address", signIn.ipAddress],
    ["User agent", userAgent(signIn.userAgent, opened)],
    ["Place", [city, region, country].filter(Boolean).join(", ")],
    ["Locale", signIn.locale],
    ["Time zone", signIn.timeZone],
  ]);
}

// A stranger chose it: it may be longer than a screen.
function userAgent(text, opened) {
  if (!text || text.length <= LONG_USER_AGENT) return text;
  const start = h("span", { class: "start" }, text.slice(0, 40), "… ");
  const summary = [start, `all ${plural(text.length, "character")}`];
  return folded(summary, h("p", {}, text), "user agent", opened);
}
