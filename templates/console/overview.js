// Is it healthy: one sentence, six figures, and what happened hour by hour.
import { h } from "./dom.js";
import { errorTypes } from "./error-types.js";
import { count, duration, percent, plural } from "./format.js";
import { hoursChart } from "./hours-chart.js";
import { refreshed } from "./refreshed.js";
import { deadAddress } from "./router.js";
import { RANGES, atLeast, chooseHours, onStats, stats } from "./stats.js";

const OPEN = ["enqueued", "processing", "retrying"];
const GOOD_RATE = 0.95;
const ENOUGH_ENDED = 20; // fewer tell nothing of a rate
const MANY_OPEN = 500; // more than a worker that keeps up ever has in hand

export function overview() {
  const verdict = h("h1", {}, "Loading");
  const summary = h("p", { class: "summary" });
  const tiles = h("dl", { class: "tiles" });
  const hours = hoursChart();
  const types = errorTypes();

  function update({ value, at, fault }) {
    if (!value) {
      if (fault) verdict.textContent = "Not known";
      return;
    }
    const [text, mood] = verdictOf(value);
    verdict.textContent = text;
    verdict.className = mood;
    summary.textContent = summaryOf(value);
    tiles.replaceChildren(...tilesOf(value));
    hours.update(value.hours);
    types.update(value.sum.deadByErrorType);
    refreshed(view, at);
  }

  const node = h(
    "div",
    { class: "overview" },
    h("div", { class: "head" }, h("div", {}, verdict, summary), rangeSwitch()),
    tiles,
    h("div", { class: "charts" }, hours.node, types.node),
  );
  const view = {
    node,
    title: "Overview",
    leave() {
      stop();
      hours.leave();
    },
  };
  const stop = onStats(update);
  return view;
}

// The worst of it first; green only if all of it is known to be well.
function verdictOf(value) {
  const { now, sum, worker } = value;
  const number = (state) =>
    `${atLeast(value, state)} ${now[state] === 1 ? "job is" : "jobs are"}`;
  if (worker === "paused") return ["The worker is paused", "bad"];
  if (now.dlq) return [`${number("dlq")} dead`, "bad"];
  if (now.parked) return [`${number("parked")} parked`, "warn"];
  const ended = sum.completed + sum.dead;
  if (ended >= ENOUGH_ENDED && isLow(sum.successRate)) {
    return [`${count(sum.dead)} of ${plural(ended, "job")} died in the last ${rangeOf(value)}`, "warn"];
  }
  if (worker === "changing") return ["The worker is being paused or resumed", "warn"];
  if (worker !== "running") return ["It is not known whether the worker runs", "warn"];
  if (OPEN.reduce((open, state) => open + now[state], 0) >= MANY_OPEN) {
    return [`Nothing waits for you, but ${atLeast(value, ...OPEN)} jobs are open`, "warn"];
  }
  return ["Nothing waits for you", "good"];
}

const isLow = (rate) => rate !== null && rate < GOOD_RATE;

const rangeOf = ({ hours }) =>
  hours.length === 24 ? "24 hours" : `${Math.round(hours.length / 24)} days`;

function summaryOf(value) {
  const { sum } = value;
  return (
    `In the last ${rangeOf(value)}: ${count(sum.accepted)} accepted, ${count(sum.refused)} refused by the ` +
    `limit, ${count(sum.completed)} completed, ${count(sum.retried)} retried, ` +
    `${count(sum.dead)} died.`
  );
}

function tilesOf(value) {
  const { now, sum, worker } = value;
  const part = (state) => `${atLeast(value, state)} ${state}`;
  const dead = atLeast(value, "dlq");
  return [
    tile(
      "Open",
      atLeast(value, ...OPEN),
      OPEN.map(part).join(", "),
    ),
    tile(
      "Parked",
      atLeast(value, "parked"),
      now.parked ? "until the mail account is mended" : "none waits",
      now.parked && "warn",
    ),
    tile(
      "Dead",
      now.dlq ? h("a", { href: deadAddress() }, dead) : dead,
      now.dlq ? "to be sent again by you, or discarded" : "nothing to send again",
      now.dlq && "bad",
    ),
    tile(
      "Success rate",
      percent(sum.successRate),
      "of what ended; a job that died and was replayed counts twice",
      isLow(sum.successRate) && "warn",
    ),
    tile(
      "Sent within",
      duration(sum.p95Ms),
      // The figure is the upper end of the bucket that the 95th falls into.
      `at most, for 95 of 100 (p95); mean ${duration(sum.meanMs)}`,
    ),
    tile(
      "Worker",
      { running: "Running", paused: "Paused", changing: "Changing" }[worker] ?? "Not known",
      {
        running: "takes jobs from the queue",
        paused: "make resume STAGE=...",
        changing: "is being paused or resumed",
      }[worker] ?? "AWS does not say now",
      worker === "paused" ? "bad" : worker !== "running" && "warn",
    ),
  ];
}

function tile(name, value, detail, mood) {
  return h(
    "div",
    { class: mood ? `tile ${mood}` : "tile" },
    h("dt", {}, name),
    h("dd", { class: "value" }, value),
    h("dd", { class: "detail" }, detail),
  );
}

function rangeSwitch() {
  return h(
    "fieldset",
    { class: "switch" },
    h("legend", { class: "unseen" }, "Range of the figures and charts"),
    RANGES.map(({ hours, label }) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: "range",
          checked: hours === stats.hours,
          onchange: () => chooseHours(hours),
        }),
        label,
      ),
    ),
  );
}
