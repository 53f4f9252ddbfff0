// The dead letters' filter: kept in the address, so that it can be passed on.
import { button, field, freshId, h } from "./dom.js";
import { zone } from "./format.js";
import { CLASSES } from "./router.js";
import { onStats } from "./stats.js";

// `apply` gets a filter that is to be shown; `edited` hears whenever the fields change.
export function filterForm(apply, edited) {
  let applied = []; // what the fields held when the filter was shown
  const types = h("datalist", { id: freshId("types") });
  const zoneHint = h(
    "p",
    { class: "hint", id: freshId("zone") },
    `Both times are local: ${zone()}.`,
  );
  // With a latest year of four digits, nobody types a fifth.
  const momentField = () =>
    h("input", {
      type: "datetime-local",
      max: "9999-12-31T23:59",
      "aria-describedby": zoneHint.id,
    });
  const inputs = {
    errorClass: h(
      "select",
      {},
      h("option", { value: "" }, "Any"),
      CLASSES.map((name) => h("option", { value: name }, name)),
    ),
    errorType: h("input", {
      list: types.id,
      maxlength: 200,
      placeholder: "Any",
      autocomplete: "off",
      spellcheck: "false",
    }),
    since: momentField(),
    until: momentField(),
  };
  const clear = button("Clear", empty, { class: "quiet" });

  function empty() {
    apply({});
    inputs.errorClass.focus(); // the button is about to go
  }

  const held = () => Object.values(inputs).map(({ value }) => value.trim());
  const differs = () => held().some((value, index) => value !== applied[index]);

  function showState() {
    clear.hidden = !held().some(Boolean);
    edited();
  }

  function submit(event) {
    event.preventDefault();
    apply({
      errorClass: inputs.errorClass.value,
      errorType: inputs.errorType.value.trim(),
      since: utc(inputs.since.value),
      until: utc(inputs.until.value),
    });
  }

  const node = h(
    "form",
    // A passed-on link may name seconds, which the browser would not let through otherwise.
    {
      class: "filters",
      novalidate: true,
      onsubmit: submit,
      oninput: showState,
      "aria-label": "Filter",
    },
    field("Error class", inputs.errorClass),
    field("Error type", inputs.errorType, types),
    field("Died since", inputs.since),
    field("Died before", inputs.until),
    h("div", { class: "actions" }, h("button", {}, "Filter"), clear),
    zoneHint,
  );
  onStats(({ value }) => {
    const seen = Object.keys(value?.sum.deadByErrorType ?? {}).sort();
    types.replaceChildren(...seen.map((type) => h("option", { value: type })));
  });

  return {
    node,
    differs,
    show({ errorClass = "", errorType = "", since = "", until = "" }) {
      inputs.errorClass.value = errorClass;
      inputs.errorType.value = errorType;
      inputs.since.value = local(since);
      inputs.until.value = local(until);
      applied = held(); // as the browser writes it, which may leave out milliseconds
      showState();
    },
  };
}

// A datetime-local field speaks the reader's own time, without an offset.
function utc(text) {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}

function local(iso) {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return "";
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
