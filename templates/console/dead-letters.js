// What died: filtered, a page at a time, and sent again or discarded, the chosen or all that match.
import { call, inWords } from "./api.js";
import { openBulk } from "./bulk-dialog.js";
import { deadTable } from "./dead-table.js";
import { button, fault, h } from "./dom.js";
import { filterForm } from "./filters.js";
import { count, plural } from "./format.js";
import { refreshed } from "./refreshed.js";
import { deadAddress, given } from "./router.js";
import { atLeast, onStats, stats } from "./stats.js";

const PAGE = 50;

let kept = null; // the last list, for whoever comes back from one of its jobs

export function deadLetters({ filter }) {
  kept ??= newView();
  kept.open(filter);
  return kept;
}

function listWords(number, { more, filtered }) {
  if (number === 0) return filtered ? "No dead job matches." : "No job is dead.";
  if (!more) return `${plural(number, "job")}, the newest first.`;
  if (!filtered && stats.value?.now.dlq > number) {
    return `The newest ${count(number)} of ${atLeast(stats.value, "dlq")} jobs.`;
  }
  return `The newest ${count(number)}; there are more.`;
}

function newView() {
  let filter = {};
  let cursor = null;
  let asking = new AbortController();
  let stale = true;
  let loaded = false; // whether what is shown is the answer to the filter

  function apply(wanted) {
    const address = deadAddress(wanted);
    if (address === location.hash) load();
    else location.hash = address;
  }

  const filters = filterForm(apply, showAll);
  const table = deadTable(showChoice);
  const told = h("p", { role: "status", class: "told" });
  const more = button(`Show ${PAGE} more`, async () => (await loadPage())?.focus());
  const trouble = h("div", { class: "trouble" });
  const chosen = h("span", { class: "chosen-count" });
  const single = ["replays", "discards"].map((action) =>
    button(action === "replays" ? "Replay" : "Discard", () => {
      const jobIds = table.chosen();
      openBulk(action, { jobIds }, table.anyMayHaveLeft(jobIds));
    }),
  );
  const unapplied = h(
    "span",
    { class: "hint", role: "status" },
    "The filter was changed. Press Filter, to see what matches.",
  );
  const all = ["replays", "discards"].map((action) =>
    button(action === "replays" ? "Replay all that match" : "Discard all that match", () =>
      openBulk(action, filter, table.anyMayHaveLeft()),
    ),
  );

  function showChoice() {
    const number = table.chosen().length;
    chosen.textContent = number === 0 ? "None chosen" : `${count(number)} chosen`;
    for (const choice of single) choice.disabled = number === 0;
  }

  // All that match is what the fields say, and what one has seen of it: nothing else is begun.
  function showAll() {
    const differs = filters.differs();
    for (const choice of all) choice.disabled = !loaded || differs || table.size() === 0;
    unapplied.hidden = !differs;
  }

  function load() {
    cursor = null;
    stale = false;
    table.clear();
    refreshed(view, null);
    filters.show(filter);
    return loadPage();
  }

  async function loadPage() {
    asking.abort();
    const { signal } = (asking = new AbortController());
    loaded = false;
    showAll();
    trouble.replaceChildren();
    told.textContent = "Loading";
    try {
      let page;
      let first;
      do {
        const query = new URLSearchParams({ ...given(filter), limit: PAGE });
        if (cursor) query.set("cursor", cursor);
        page = await call(`dlq?${query}`, { signal });
        cursor = page.nextCursor;
        first = table.add(page.jobs);
      } while (page.count === 0 && cursor); // what it examined did not match, and there is more
      loaded = true;
      refreshed(view, view.at ?? new Date()); // the oldest of its pages
      showEnd();
      return first;
    } catch (error) {
      if (signal.aborted) return null;
      stale = true;
      told.textContent = "";
      trouble.replaceChildren(fault(inWords(error), button("Try again", () => loadPage())));
      return null;
    }
  }

  function showEnd() {
    const number = table.size();
    more.hidden = !cursor;
    showAll();
    const filtered = Object.keys(given(filter)).length > 0;
    const text = listWords(number, { more: cursor, filtered });
    if (told.textContent !== text) told.textContent = text; // a change of it is read out
  }

  function changed() {
    stale = true;
    if (node.isConnected) load();
  }

  const node = h(
    "div",
    { class: "dead-letters" },
    h("div", { class: "head" }, h("h1", {}, "Dead letters"), button("Reload", () => load())),
    filters.node,
    h(
      "div",
      { class: "bar", role: "group", "aria-label": "Actions" },
      h("div", { class: "actions" }, chosen, single),
      h("div", { class: "actions" }, unapplied, all),
    ),
    told,
    trouble,
    table.node,
    more,
  );
  addEventListener("jobs-changed", changed);
  onStats(() => loaded && showEnd());
  more.hidden = true;
  showChoice();
  const view = {
    node,
    title: "Dead letters",
    open(wanted) {
      if (!stale && deadAddress(wanted) === deadAddress(filter)) return;
      filter = wanted;
      view.scrolled = 0;
      load();
    },
    update: (route) => view.open(route.filter),
  };
  return view;
}
