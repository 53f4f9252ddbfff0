// The shell: who is signed in, which view is shown, and what every view shares.
import { deadLetters } from "./dead-letters.js";
import { button, h } from "./dom.js";
import { clockTime, zone } from "./format.js";
import { job } from "./job.js";
import { jobs } from "./jobs.js";
import { overview } from "./overview.js";
import { OVERVIEW, JOBS, currentRoute, deadAddress } from "./router.js";
import * as session from "./session.js";
import { signIn } from "./sign-in.js";
import { atLeast, onStats, refreshStats, startStats, stopStats } from "./stats.js";

const VIEWS = { overview, dead: deadLetters, jobs, job, nothing };
const byId = (id) => document.getElementById(id);

// The view on the page: { name, node, title, at?, leave?, update? }; `at` is when it learned what
// it shows, and it says so by "view-refreshed".
let shown = null;
let signedIn = false;

function show(name, view) {
  const first = !shown;
  if (shown && shown.node !== view.node) {
    Object.assign(shown, { scrolled: scrollY, focused: document.activeElement });
    shown.leave?.();
  }
  shown = Object.assign(view, { name });
  byId("main").replaceChildren(view.node);
  showRefreshed();
  document.title = `${view.title} - signin-notifier`;
  if (view.scrolled !== undefined && view.node.contains(view.focused)) {
    view.focused.focus({ preventScroll: true });
  } else {
    const target = view.node.querySelector("[autofocus]") ?? (first ? null : byId("main"));
    target?.focus({ preventScroll: true });
  }
  scrollTo(0, view.scrolled ?? 0);
}

function showRefreshed() {
  byId("refreshed").textContent = shown?.at ? `Refreshed ${clockTime(shown.at)}` : "";
}

function followRoute() {
  if (!signedIn) return;
  const route = currentRoute();
  if (shown?.name === route.view && shown.update) shown.update(route);
  else show(route.view, VIEWS[route.view](route));
  for (const link of byId("nav").children) {
    const current = link.dataset.views.split(" ").includes(route.view);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function nothing() {
  const node = h(
    "section",
    {},
    h("h1", {}, "There is no such page"),
    h("p", {}, h("a", { href: OVERVIEW }, "Go to the overview")),
  );
  return { node, title: "Not found" };
}

const deadCount = h("span", { class: "badge", hidden: true });

function navigation() {
  const link = (href, views, ...content) => h("a", { href, "data-views": views }, ...content);
  return [
    link(OVERVIEW, "overview", "Overview"),
    link(deadAddress(), "dead", "Dead letters", deadCount),
    link(JOBS, "jobs job", "Jobs"),
  ];
}

function showShared({ value, at, fault }) {
  if (value) {
    deadCount.textContent = atLeast(value, "dlq");
    deadCount.hidden = value.now.dlq === 0;
  }
  replaceIfChanged(byId("notices"), [
    ...(value ? workerNotices(value.worker) : []),
    ...(fault ? [staleNotice(fault, at)] : []),
  ]);
}

// A status region is read out when it changes: it must not change without a reason.
function replaceIfChanged(region, notices) {
  const text = notices.map((notice) => notice.textContent).join("\n");
  if (region.dataset.text === text) return;
  region.dataset.text = text;
  region.replaceChildren(...notices);
}

function workerNotices(worker) {
  if (worker === "paused") {
    return [
      h(
        "p",
        { class: "notice bad" },
        h("strong", {}, "The worker is paused: no mail leaves. "),
        "Jobs wait and none is lost. Resume it with ",
        h("code", {}, "make resume STAGE=..."),
      ),
    ];
  }
  if (worker === "changing") {
    return [h("p", { class: "notice" }, "The worker is being paused or resumed.")];
  }
  return [];
}

function staleNotice(fault, at) {
  const since = at ? `Shown is what was known at ${clockTime(at)}. ` : "";
  return h(
    "p",
    { class: "notice" },
    h("strong", {}, "Not refreshed. "),
    `${fault} ${since}`,
    button("Try now", refreshStats),
  );
}

function enter() {
  signedIn = true;
  byId("nav").hidden = false;
  byId("sign-out").hidden = false;
  onStats(showShared);
  startStats();
  followRoute();
}

function leave(message) {
  signedIn = false;
  stopStats();
  session.forgetKey();
  replaceIfChanged(byId("notices"), []);
  byId("nav").hidden = true;
  byId("sign-out").hidden = true;
  show("sign-in", signIn(enter, message));
}

byId("nav").append(...navigation());
byId("foot").textContent = `Times are in ${zone()}.`;
byId("sign-out").addEventListener("click", () => {
  session.forgetAll();
  // Loaded anew, so that nothing that was seen stays in memory.
  history.replaceState(null, "", location.pathname);
  location.reload();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address is the view's
  byId("main").focus();
});
addEventListener("hashchange", followRoute);
addEventListener("view-refreshed", showRefreshed);
addEventListener("key-refused", ({ detail }) => signedIn && leave(detail));

if (session.key()) enter();
else show("sign-in", signIn(enter));
