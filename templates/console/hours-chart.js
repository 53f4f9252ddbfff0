// Completed, retried and dead per hour: three strips on one time axis, because ten dead jobs would
// not be seen beside ten thousand completed ones on one scale.
import { freshId, h, svg } from "./dom.js";
import { clockOf, count, dayOf, duration, hourSpan, percent } from "./format.js";
import { hoursTable } from "./hours-table.js";

const LANES = [
  { name: "completed", label: "Completed", height: 84 },
  { name: "retried", label: "Retried", height: 48 },
  { name: "dead", label: "Dead", height: 48 },
];
const LABEL = 20; // above each strip
const AXIS = 22; // below the last one
const LEAST_APART = 48; // or the axis could not be read
const NOW = 28; // the width of the last label
const HEIGHT = LANES.reduce((sum, { height }) => sum + height + LABEL, AXIS);

export function hoursChart() {
  let hours = [];
  let chosen = null; // index of the hour that is read
  const ids = { title: freshId("title"), desc: freshId("desc") };
  const plot = svg("svg", {
    role: "img",
    height: HEIGHT,
    "aria-labelledby": ids.title,
    "aria-describedby": ids.desc,
  });
  const readout = h("p", { class: "readout" });
  const reader = h("div", {
    class: "reader",
    role: "slider",
    tabindex: "0",
    hidden: true, // until there is something to read
    "aria-label": "Hour to read",
    "aria-valuemin": "1",
    onkeydown: step,
    onpointermove: point,
    onpointerdown: point,
    onpointerleave: () => choose(null),
    onblur: () => choose(null),
    onfocus: () => choose(chosen ?? hours.length - 1),
  });
  const table = hoursTable();

  function step(event) {
    const last = hours.length - 1;
    const from = chosen ?? last;
    const to = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      PageDown: from - 6,
      PageUp: from + 6,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(Math.max(to, 0), last));
  }

  function point(event) {
    const { left, width } = reader.getBoundingClientRect();
    const index = Math.floor(((event.clientX - left) / width) * hours.length);
    choose(Math.min(Math.max(index, 0), hours.length - 1));
  }

  function choose(index) {
    chosen = index;
    const hour = hours[index ?? hours.length - 1];
    readout.textContent = index === null ? "Point at an hour, or use the arrow keys." : said(hour);
    reader.setAttribute("aria-valuenow", (index ?? hours.length - 1) + 1);
    reader.setAttribute("aria-valuetext", said(hour));
    const mark = plot.querySelector(".chosen");
    mark.toggleAttribute("hidden", index === null);
    mark.setAttribute("x", (index ?? 0) * (width() / hours.length));
  }

  const width = () => Math.max(plot.clientWidth, 200);

  function draw() {
    if (hours.length === 0) return;
    plot.replaceChildren(
      svg("title", { id: ids.title }, "Jobs per hour: completed, retried and dead"),
      svg("desc", { id: ids.desc }, described(hours)),
      svg("rect", { class: "chosen", width: width() / hours.length, height: HEIGHT - AXIS }),
      ...lanes(hours, width()),
      ticks(hours, width()),
    );
    choose(chosen === null ? null : Math.min(chosen, hours.length - 1));
  }

  const resized = new ResizeObserver(draw);
  resized.observe(plot);
  const node = h(
    "section",
    { class: "panel" },
    h("h2", {}, "Per hour"),
    h("div", { class: "plot" }, plot, reader),
    readout,
    table.node,
  );
  return {
    node,
    leave: () => resized.disconnect(),
    update(latest) {
      hours = latest;
      reader.hidden = false;
      reader.setAttribute("aria-valuemax", hours.length);
      draw();
      table.update(hours);
    },
  };
}

function lanes(hours, width) {
  const slot = width / hours.length;
  const gap = slot > 5 ? 1.5 : slot > 2.5 ? 0.5 : 0;
  let top = 0;
  return LANES.map(({ name, label, height }) => {
    top += LABEL;
    const floor = top + height;
    const most = Math.max(...hours.map((hour) => hour[name]));
    const lane = svg(
      "g",
      { class: name },
      svg("text", { x: 0, y: top - 6 }, label),
      svg(
        "text",
        { x: width, y: top - 6, class: "most", "text-anchor": "end" },
        most === 0 ? "none" : `peak ${count(most)} an hour`,
      ),
      svg("path", { class: "floor", d: `M0 ${floor + 0.5}H${width}` }),
      hours.map((hour, index) => {
        // One job is seen, however many there were in another hour.
        const tall = hour[name] && Math.max((hour[name] / most) * height, 2);
        return (
          tall > 0 &&
          svg("rect", {
            class: index === hours.length - 1 ? "running" : "",
            x: index * slot + gap / 2,
            y: floor - tall,
            width: slot - gap,
            height: tall,
          })
        );
      }),
    );
    top = floor;
    return lane;
  });
}

// The days' starts, or some of the day's hours, by the reader's own clock.
function ticks(hours, width) {
  const slot = width / hours.length;
  const starts = hours.map(({ hour }) => new Date(hour));
  const days = hours.length > 48;
  const every = days ? 24 : width < 480 ? 6 : 3;
  const thin = Math.ceil(LEAST_APART / (every * slot));
  const marked = starts
    .map((start, index) => ({ start, x: index * slot }))
    .filter(({ start }) => start.getHours() % every === 0)
    .filter(({ x }) => x < width - LEAST_APART - NOW)
    .filter((_, index) => index % thin === 0);
  return svg(
    "g",
    { class: "axis" },
    marked.map(({ start, x }) => [
      svg("path", { d: `M${x} ${HEIGHT - AXIS + 0.5}v5` }),
      svg("text", { x: x + 3, y: HEIGHT - 5 }, days ? dayOf(start) : clockOf(start)),
    ]),
    svg("text", { x: width, y: HEIGHT - 5, "text-anchor": "end" }, "now"),
  );
}

function said(hour) {
  const parts = [
    `${count(hour.completed)} completed`,
    `${count(hour.retried)} retried`,
    `${count(hour.dead)} dead`,
    `${count(hour.accepted)} accepted`,
    hour.successRate !== null && `success ${percent(hour.successRate)}`,
    hour.p95Ms !== null && `p95 at most ${duration(hour.p95Ms)}`,
  ];
  return `${hourSpan(hour.hour)}: ${parts.filter(Boolean).join(", ")}`;
}

function described(hours) {
  const most = LANES.map(({ name, label }) => {
    const top = hours.reduce((best, hour) => (hour[name] > best[name] ? hour : best), hours[0]);
    return top[name] === 0
      ? `${label}: none.`
      : `${label}: at most ${count(top[name])}, ${hourSpan(top.hour)}.`;
  });
  return `${hours.length} hours. ${most.join(" ")}`;
}
