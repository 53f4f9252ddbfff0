// The dead jobs as rows that can be chosen.
import { h } from "./dom.js";
import { errorClass, mayHaveLeft, time } from "./format.js";
import { jobAddress } from "./router.js";

// Narrow screens lay the rows out as cards, which costs a table its meaning: so all roles are said.
export function deadTable(chosenChanged) {
  const boxes = new Map(); // job id -> its box
  const unsure = new Set(); // ids of the jobs that may have left
  const all = h("input", {
    type: "checkbox",
    "aria-label": "Choose all that are shown",
    onchange() {
      for (const box of boxes.values()) box.checked = all.checked;
      changed();
    },
  });
  const body = h("tbody", { role: "rowgroup" });
  const head = (...content) => h("th", { scope: "col", role: "columnheader" }, ...content);
  const node = h(
    "table",
    { class: "dead-table", role: "table", "aria-label": "Dead jobs, newest first" },
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        head(all, h("span", { class: "only-narrow", "aria-hidden": "true" }, "All shown")),
        head("Died"),
        head("Error"),
        head("Job and recipient"),
        head("Attempts"),
      ),
    ),
    body,
  );

  const chosen = () => [...boxes].filter(([, box]) => box.checked).map(([id]) => id);

  function changed() {
    const number = chosen().length;
    all.checked = number > 0 && number === boxes.size;
    all.indeterminate = number > 0 && number < boxes.size;
    chosenChanged();
  }

  function row(job) {
    const box = h("input", {
      type: "checkbox",
      "aria-label": `Choose ${job.jobId}`,
      onchange: changed,
    });
    boxes.set(job.jobId, box);
    if (job.mayHaveLeft) unsure.add(job.jobId);
    const cell = (name, ...content) => h("td", { role: "cell", class: name }, ...content);
    return h(
      "tr",
      { role: "row" },
      cell("choice", box),
      cell("died", time(job.processedAt)),
      cell(
        "of",
        h(
          "div",
          {},
          h("strong", {}, job.errorType),
          " ",
          errorClass(job.errorClass),
          " ",
          mayHaveLeft(job),
        ),
        h("div", { class: "sentence" }, job.error),
      ),
      cell(
        "which",
        h("a", { href: jobAddress(job.jobId), class: "id" }, job.jobId),
        h("div", { class: "recipient" }, job.recipient || "no recipient known"),
      ),
      cell(
        "attempts",
        job.attemptCount,
        h("span", { class: "only-narrow" }, job.attemptCount === 1 ? " attempt" : " attempts"),
      ),
    );
  }

  return {
    node,
    chosen,
    size: () => boxes.size,
    anyMayHaveLeft: (ids = [...boxes.keys()]) => ids.some((id) => unsure.has(id)),
    // Returns the first of the new rows' boxes.
    add(jobs) {
      const rows = jobs.filter(({ jobId }) => !boxes.has(jobId)).map(row);
      body.append(...rows);
      node.hidden = boxes.size === 0;
      changed();
      return rows[0]?.querySelector("input");
    },
    clear() {
      boxes.clear();
      unsure.clear();
      body.replaceChildren();
      node.hidden = true;
      changed();
    },
  };
}
