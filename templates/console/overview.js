// Is it healthy: one sentence, six figures, and what happened hour by hour.
import { h } from "./dom.js";
import { errorTypes } from "./error-types.js";
import { count, duration, percent, plural } from "./format.js";
import { hoursChart } from "./hours-chart.js";
import { deadAddress } from "./router.js";
import { RANGES, atLeast, chooseHours, onStats, stats } from "./stats.js";

export function overview() {
  const verdict = h("h1", {}, "Loading");
  const summary = h("p", { class: "summary" });
  const tiles = h("dl", { class: "tiles" });
  const hours = hoursChart();
  const types = errorTypes();

  function update({ value, fault }) {
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
  }

  const node = h(
    "div",
    { class: "overview" },
    h("div", { class: "head" }, h("div", {}, verdict, summary), rangeSwitch()),
    tiles,
    h("div", { class: "charts" }, hours.node, types.node),
  );
  const stop = onStats(update);
  return {
    node,
    title: "Overview",
    leave() {
      stop();
      hours.leave();
    },
  };
}

function verdictOf({ now, worker }) {
  if (worker === "paused") return ["The worker is paused", "bad"];
  if (now.dlq) return [`${plural(now.dlq, "job is", "jobs are")} dead`, "bad"];
  if (now.parked) return [`${plural(now.parked, "job is", "jobs are")} parked`, "warn"];
  return ["Healthy", "good"];
}

function summaryOf({ sum, hours }) {
  const range = hours.length === 24 ? "24 hours" : `${Math.round(hours.length / 24)} days`;
  return (
    `In the last ${range}: ${count(sum.accepted)} accepted, ${count(sum.refused)} refused by the ` +
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
      atLeast(value, "enqueued", "processing", "retrying"),
      ["enqueued", "processing", "retrying"].map(part).join(", "),
    ),
    tile(
      "Parked",
      atLeast(value, "parked"),
      now.parked ? "wait for the mail account to be mended" : "the mail account is fine",
      now.parked && "warn",
    ),
    tile(
      "Dead",
      now.dlq ? h("a", { href: deadAddress() }, dead) : dead,
      now.dlq ? "wait for you" : "nothing to send again",
      now.dlq && "bad",
    ),
    tile("Success rate", percent(sum.successRate), "of the jobs that ended"),
    tile("Sent within", duration(sum.p95Ms), `for 95 of 100 (p95); mean ${duration(sum.meanMs)}`),
    tile(
      "Worker",
      { running: "Running", paused: "Paused", changing: "Changing" }[worker] ?? "Not known",
      {
        running: "takes jobs from the queue",
        paused: "make resume STAGE=...",
        changing: "is being paused or resumed",
      }[worker] ?? "AWS does not say now",
      worker === "paused" ? "bad" : worker === "changing" && "warn",
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
