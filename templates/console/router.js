// The views' addresses. A user's id is personal, so it is never a part of them.
export const CLASSES = ["transient", "permanent", "account", "unknown"];

// How each part of a filter is read: an address may come from anywhere.
const FILTERS = {
  errorClass: (text) => (CLASSES.includes(text) ? text : ""),
  errorType: (text) => text.slice(0, 200),
  since: moment,
  until: moment,
};

export const OVERVIEW = "#/";
export const JOBS = "#/jobs";

export const jobAddress = (jobId) => `#/jobs/${encodeURIComponent(jobId)}`;

// What a filter really asks for.
export function given(filter) {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value));
}

export function deadAddress(filter = {}) {
  const query = new URLSearchParams(given(filter));
  return query.size ? `#/dead?${query}` : "#/dead";
}

export function currentRoute() {
  const [path, query] = location.hash.slice(1).split("?", 2);
  const [, view = "", id] = path.split("/");
  if (view === "") return { view: "overview" };
  if (view === "dead") return { view: "dead", filter: filterOf(new URLSearchParams(query)) };
  if (view === "jobs") return id ? { view: "job", jobId: decoded(id) } : { view: "jobs" };
  return { view: "nothing" };
}

function filterOf(query) {
  const read = Object.entries(FILTERS).map(([name, part]) => [name, part(query.get(name) ?? "")]);
  return given(Object.fromEntries(read));
}

function moment(text) {
  const date = new Date(text);
  const iso = Number.isNaN(date.getTime()) ? "" : date.toISOString();
  return /^\d{4}-/.test(iso) ? iso : ""; // nothing reads years of more digits
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a broken link: the service will say that there is no such job
  }
}
