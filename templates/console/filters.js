// The dead letters' filter: kept in the address, so that it can be passed on.
import { button, field, freshId, h } from "./dom.js";
import { CLASSES } from "./router.js";
import { onStats } from "./stats.js";

export function filterForm(apply) {
  const types = h("datalist", { id: freshId("types") });
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
    since: h("input", { type: "datetime-local" }),
    until: h("input", { type: "datetime-local" }),
  };
  const clear = button("Clear", empty, { class: "quiet" });

  function empty() {
    apply({});
    inputs.errorClass.focus(); // the button is about to go
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
    { class: "filters", novalidate: true, onsubmit: submit, "aria-label": "Filter" },
    field("Error class", inputs.errorClass),
    field("Error type", inputs.errorType, types),
    field("Died since", inputs.since),
    field("Died before", inputs.until),
    h("div", { class: "actions" }, h("button", {}, "Filter"), clear),
  );
  const stop = onStats(({ value }) => {
    const seen = Object.keys(value?.sum.deadByErrorType ?? {}).sort();
    types.replaceChildren(...seen.map((type) => h("option", { value: type })));
  });

  return {
    node,
    leave: stop,
    show({ errorClass = "", errorType = "", since = "", until = "" }) {
      inputs.errorClass.value = errorClass;
      inputs.errorType.value = errorType;
      inputs.since.value = local(since);
      inputs.until.value = local(until);
      clear.hidden = !(errorClass || errorType || since || until);
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
