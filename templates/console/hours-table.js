// The chart's figures for those who would rather read them.
import { h } from "./dom.js";
import { count, duration, hourSpan, percent } from "./format.js";

const COLUMNS = [
  ["Accepted", (hour) => count(hour.accepted)],
  ["Refused", (hour) => count(hour.refused)],
  ["Completed", (hour) => count(hour.completed)],
  ["Retried", (hour) => count(hour.retried)],
  ["Dead", (hour) => count(hour.dead)],
  ["Success", (hour) => percent(hour.successRate)],
  ["p95, at most", (hour) => duration(hour.p95Ms)],
];

export function hoursTable() {
  let hours = [];
  const body = h("tbody");
  const node = h(
    "details",
    { ontoggle: fill },
    h("summary", {}, "As a table"),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Figures per hour" },
      h(
        "table",
        { class: "figures" },
        h("caption", { class: "unseen" }, "Figures per hour, newest first"),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, "Hour"),
            COLUMNS.map(([name]) => h("th", { scope: "col" }, name)),
          ),
        ),
        body,
      ),
    ),
  );

  function fill() {
    if (!node.open) return;
    body.replaceChildren(
      ...hours.toReversed().map((hour) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, hourSpan(hour.hour)),
          COLUMNS.map(([, read]) => h("td", {}, read(hour))),
        ),
      ),
    );
  }

  return {
    node,
    update(latest) {
      hours = latest;
      fill();
    },
  };
}
