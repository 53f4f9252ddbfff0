// What the dead died of, each with its bar; a table, so it needs no alternative.
import { h, svg } from "./dom.js";
import { count } from "./format.js";
import { deadAddress } from "./router.js";

const MOST = 12;

export function errorTypes() {
  const body = h("tbody");
  const empty = h("p", { class: "empty" }, "Nothing died in this time.");
  const table = h(
    "table",
    { class: "bars" },
    h("caption", { class: "unseen" }, "Jobs that died, by error type"),
    h(
      "thead",
      { class: "unseen" },
      h("tr", {}, h("th", { scope: "col" }, "Error type"), h("th", { scope: "col" }, "Jobs")),
    ),
    body,
  );

  function update(deadByErrorType) {
    const types = Object.entries(deadByErrorType).sort(([, a], [, b]) => b - a);
    const focused = body.contains(document.activeElement) && document.activeElement.hash;
    body.replaceChildren(...rows(types));
    table.hidden = types.length === 0;
    empty.hidden = types.length > 0;
    if (focused) [...body.querySelectorAll("a")].find(({ hash }) => hash === focused)?.focus();
  }

  const node = h("section", { class: "panel" }, h("h2", {}, "Died of"), table, empty);
  return { node, update };
}

function rows(types) {
  const shown = types.length > MOST ? types.slice(0, MOST - 1) : types;
  const rest = types.slice(shown.length);
  const most = types[0]?.[1] ?? 1;
  const row = (name, number) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name, bar(number / most)),
      h("td", {}, count(number)),
    );
  return [
    ...shown.map(([type, number]) =>
      row(h("a", { href: deadAddress({ errorType: type }) }, type), number),
    ),
    rest.length > 0 &&
      row(
        `${rest.length} more types`,
        rest.reduce((sum, [, number]) => sum + number, 0),
      ),
  ].filter(Boolean);
}

function bar(share) {
  return svg(
    "svg",
    { class: "meter", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "track", width: 100, height: 4 }),
    svg("rect", { class: "dead", width: Math.max(share * 100, 1), height: 4 }),
  );
}
