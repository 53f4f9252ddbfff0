// Find a job by its id, or a user's last jobs.
import { call, inWords } from "./api.js";
import { fault, field, h } from "./dom.js";
import { errorClass, plural, status, time } from "./format.js";
import { refreshed } from "./refreshed.js";
import { jobAddress } from "./router.js";

const LAST_JOBS = 10; // as many as the user's window remembers

let kept = null; // what was found stays, for whoever comes back from one of its jobs

export function jobs() {
  kept ??= newView();
  return kept;
}

function newView() {
  const jobId = h("input", { required: true, autocomplete: "off", spellcheck: "false" });
  const userId = h("input", {
    required: true,
    maxlength: 256,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const found = h("div", { class: "found", role: "status" });
  let asking = new AbortController();

  function openJob(event) {
    event.preventDefault();
    location.hash = jobAddress(jobId.value.trim());
  }

  async function findJobs(event) {
    event.preventDefault();
    asking.abort();
    const { signal } = (asking = new AbortController());
    found.replaceChildren(h("p", {}, "Loading"));
    refreshed(view, null);
    try {
      const query = new URLSearchParams({ userId: userId.value });
      const { jobs: list } = await call(`jobs?${query}`, { signal });
      found.replaceChildren(...listed(list));
      refreshed(view, new Date());
    } catch (error) {
      if (!signal.aborted) found.replaceChildren(fault(inWords(error)));
    }
  }

  const node = h(
    "div",
    { class: "jobs" },
    h("h1", {}, "Find jobs"),
    h(
      "div",
      { class: "searches" },
      h(
        "form",
        { class: "search", onsubmit: openJob, "aria-label": "By job id" },
        field("Job id", jobId),
        h("button", {}, "Open"),
      ),
      h(
        "form",
        { class: "search", onsubmit: findJobs, "aria-label": "By user" },
        field("User id", userId),
        h("button", {}, "Find"),
        h("p", { class: "hint" }, "It is personal, so it stays out of this page's address."),
      ),
    ),
    found,
  );
  const view = { node, title: "Find jobs" };
  return view;
}

function listed(list) {
  if (list.length === 0) {
    return [h("p", {}, "No jobs of this user are kept. Is the id written as the login writes it?")];
  }
  const many = list.length === LAST_JOBS ? "The last " : "";
  return [
    h("h2", {}, `${many}${plural(list.length, "job")} of this user`),
    h("ol", { class: "job-list" }, list.map(item)),
  ];
}

function item(job) {
  return h(
    "li",
    {},
    h(
      "div",
      {},
      status(job.status),
      " ",
      job.delivery && h("span", { class: "chip" }, job.delivery),
      " ",
      h("a", { href: jobAddress(job.jobId), class: "id" }, job.jobId),
    ),
    h(
      "div",
      { class: "sentence" },
      "accepted ",
      time(job.createdAt),
      job.recipient && `, to ${job.recipient}`,
      `, ${plural(job.attemptCount, "attempt")}`,
    ),
    job.error &&
      h("div", {}, h("strong", {}, job.errorType), " ", errorClass(job.errorClass), " ", job.error),
  );
}
