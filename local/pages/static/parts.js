// On a narrow screen the parts of a mail share one place, and a tab chooses; style.css does the rest.
const PARTS = ["html", "text", "headers"];

const byId = (id) => document.getElementById(id);

function show(part) {
  byId("parts").dataset.shown = part;
  for (const name of PARTS) {
    byId(`tab-${name}`).setAttribute("aria-selected", name === part);
    byId(`tab-${name}`).tabIndex = name === part ? 0 : -1;
  }
}

for (const [index, part] of PARTS.entries()) {
  byId(`tab-${part}`).addEventListener("click", () => show(part));
  byId(`tab-${part}`).addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = PARTS[(index + step + PARTS.length) % PARTS.length];
    show(next);
    byId(`tab-${next}`).focus();
  });
}
show("html");
