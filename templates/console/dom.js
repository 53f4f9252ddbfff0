// Everything on the page is made here, and text from outside only ever becomes a text node.
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  const parts = children.flat(Infinity).filter((child) => child || child === 0);
  node.append(...parts.map((part) => (typeof part === "string" ? visible(part) : part)));
  return node;
}

// Characters that turn the direction of what follows could make a text read as another one.
function visible(text) {
  return text.replaceAll(
    /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

// h("button", { type: "button", onclick: stop }, "Stop")
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

let lastId = 0;

// For what must name another element: labels, descriptions.
export function freshId(name) {
  lastId += 1;
  return `${name}-${lastId}`;
}

export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}

export function field(label, input, hint) {
  input.id ||= freshId("field");
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input, hint);
}

// Pairs of a name and a value; what is not known is left out.
export function facts(pairs) {
  return h(
    "dl",
    { class: "facts" },
    pairs
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

// What is read on demand; `opened` remembers the names of those that are open, across refreshes.
export function folded(summary, content, name, opened) {
  return h(
    "details",
    {
      open: opened.has(name),
      ontoggle: ({ target }) => (target.open ? opened.add(name) : opened.delete(name)),
    },
    h("summary", {}, summary),
    content,
  );
}

// What went wrong, in words, and what can be done about it.
export function fault(text, ...actions) {
  return h("div", { class: "fault", role: "alert" }, h("p", {}, text), ...actions);
}
