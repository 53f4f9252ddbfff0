// Count, ask, do, tell: one dialog from the dry run to the result.
import { inWords } from "./api.js";
import { Run, countMatching, frozen } from "./bulk.js";
import { resultOf } from "./bulk-result.js";
import { ACTIONS, headline, isAll, matchWords, mayHaveLeftWords, sentence } from "./bulk-words.js";
import { button, fault, field, freshId, h } from "./dom.js";
import { count, fullTime } from "./format.js";
import * as session from "./session.js";
import { refreshStats } from "./stats.js";

// `filter` is the API's; with `jobIds` it means the chosen jobs. `mayHaveLeft`: any of their mails.
export function openBulk(action, filter, mayHaveLeft = false) {
  const { dialog, show } = emptyDialog();
  const closeButton = (text = "Close") => button(text, () => dialog.close());
  dialog.showModal();
  countFirst();

  async function countFirst() {
    const counting = new AbortController();
    dialog.addEventListener("close", () => counting.abort(), { once: true });
    const soFar = h("output", {}, "none so far");
    show(
      "Counting what matches",
      [h("p", {}, "A dry run; nothing is changed. ", soFar)],
      [button("Cancel", () => dialog.close(), { autofocus: true })],
    );
    const fixed = frozen(filter);
    try {
      const total = await countMatching(action, fixed, {
        signal: counting.signal,
        tell: (number) => {
          soFar.textContent = `${count(number)} so far`;
        },
      });
      confirm(fixed, total);
    } catch (error) {
      if (counting.signal.aborted) return;
      show(
        "Not counted",
        [fault(inWords(error)), h("p", {}, "Nothing was changed.")],
        [button("Count again", countFirst, { class: "primary" }), closeButton()],
      );
    }
  }

  function confirm(fixed, total) {
    const words = ACTIONS[action];
    const gone = (filter.jobIds?.length ?? total) - total;
    if (total === 0) {
      const why = filter.jobIds
        ? "None of the chosen jobs is dead any more."
        : `There are no dead jobs${matchWords(filter)}.`;
      show(`Nothing to ${words.verb}`, [h("p", {}, why)], [closeButton()]);
      return;
    }
    const by = h("input", {
      value: session.by(),
      maxlength: 100,
      autocomplete: "off",
      autofocus: true,
    });
    const reason = h("input", { maxlength: 500, autocomplete: "off" });
    const go = () => {
      session.keepBy(by.value.trim());
      const signature = { by: by.value.trim(), reason: reason.value.trim() };
      work(new Run(action, fixed, total, signature), total);
    };
    const start = button(words.button(total), go, { class: words.look });
    const typed = action === "discards" && isAll(filter) && numberField(total, start);
    show(
      `${headline(action, filter, total)}?`,
      [
        h("p", {}, sentence(action, filter, total)),
        words.warning && h("p", { class: "warning" }, words.warning),
        mayHaveLeft &&
          action === "replays" &&
          h("p", { class: "warning" }, mayHaveLeftWords(filter, total)),
        gone > 0 && h("p", {}, `${count(gone)} of the chosen are no longer dead.`),
        !filter.jobIds &&
          h("p", { class: "hint" }, `What dies after ${fullTime(new Date(fixed.until))} is left.`),
        typed,
        field("By (optional)", by),
        field(
          "Reason (optional)",
          reason,
          h("p", { class: "hint" }, "Both are kept on each job, for whoever looks next."),
        ),
      ],
      [start, closeButton("Cancel")],
    );
  }

  async function work(run, total) {
    const words = ACTIONS[action];
    const bar = h("progress", { max: total, value: 0, "aria-label": words.doing });
    const told = h("p", { role: "status" });
    const stop = button(
      "Stop",
      () => {
        run.stop();
        stop.disabled = true;
        stop.textContent = "Stopping after this batch";
      },
      { autofocus: true },
    );
    const tell = () => {
      const ended = run.done + run.skippedCount;
      bar.value = ended;
      told.textContent = `${count(ended)} of ${count(total)}: ${count(run.done)} ${words.done}, ${count(run.skippedCount)} skipped`;
    };
    show(words.doing, [bar, told], [stop]);
    tell();
    const release = holdPage(dialog);
    let failed = null;
    try {
      await run.go(tell);
    } catch (error) {
      failed = inWords(error);
    } finally {
      release();
    }
    refreshStats();
    dispatchEvent(new Event("jobs-changed"));
    const { title, content } = resultOf(action, run, total, failed);
    const goOn = !run.finished && button("Go on", () => work(run, total), { class: words.look });
    const unanswered = run.finished && run.skipped.get("unavailable");
    const again = () => {
      dialog.close();
      openBulk(action, { jobIds: unanswered }, mayHaveLeft);
    };
    const retry = unanswered && button(`Try ${count(unanswered.length)} again`, again);
    show(title, [progressOf(run, total), ...content], [goOn, retry, closeButton()]);
  }
}

// Everything at once and for good: whoever means it has read how many.
function numberField(total, start) {
  const input = h("input", {
    inputmode: "numeric",
    autocomplete: "off",
    autofocus: true,
    oninput() {
      start.disabled = input.value.replaceAll(/[\s,]/g, "") !== String(total);
    },
  });
  start.disabled = true;
  return field(`No filter is set. To discard every dead job, type their number: ${total}`, input);
}

function emptyDialog() {
  const title = h("h2", { id: freshId("title"), tabindex: "-1" });
  const content = h("div", { class: "content" });
  const actions = h("div", { class: "actions" });
  const dialog = h("dialog", { "aria-labelledby": title.id }, title, content, actions);
  dialog.addEventListener("close", () => {
    dialog.remove();
    // The button that opened it may be gone, or have nothing left to do.
    if (document.activeElement === document.body) document.getElementById("main").focus();
  });
  // A link leads to what the dialog covers.
  dialog.addEventListener("click", ({ target }) => target.closest("a") && dialog.close());
  document.body.append(dialog);

  function show(text, parts, buttons) {
    title.textContent = text;
    content.replaceChildren(...parts.filter(Boolean));
    actions.replaceChildren(...buttons.filter(Boolean));
    // What had the focus is gone. The title is read out, except where there is something to do.
    (dialog.querySelector("[autofocus]") ?? title).focus();
  }
  return { dialog, show };
}

// While jobs are on their way, neither Escape nor a closed tab ends the run unasked.
function holdPage(dialog) {
  const ask = (event) => event.preventDefault();
  addEventListener("beforeunload", ask);
  dialog.addEventListener("cancel", ask);
  dialog.setAttribute("closedby", "none");
  return () => {
    removeEventListener("beforeunload", ask);
    dialog.removeEventListener("cancel", ask);
    dialog.removeAttribute("closedby");
  };
}

function progressOf(run, total) {
  const value = run.finished ? total : run.done + run.skippedCount;
  return h("progress", { max: total, value, "aria-label": "Progress" });
}
