// The page itself is open to all; what it shows is asked for with the admin key.
import { ApiError, call, inWords } from "./api.js";
import { fault, field, h } from "./dom.js";
import * as session from "./session.js";

export function signIn(enter, message = "") {
  const input = h("input", {
    type: "password",
    required: true,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    autofocus: true,
  });
  const submit = h("button", { class: "primary" }, "Open the console");
  const trouble = h("div", { class: "trouble" }, message && fault(message));

  async function open(event) {
    event.preventDefault();
    const key = input.value.trim();
    trouble.replaceChildren();
    submit.disabled = true;
    try {
      await check(key);
      session.keepKey(key);
      enter();
    } catch (error) {
      trouble.replaceChildren(fault(inWords(error)));
      input.select();
    } finally {
      submit.disabled = false;
    }
  }

  const node = h(
    "form",
    { class: "sign-in", onsubmit: open },
    h("h1", {}, "Operators' console"),
    h("p", {}, "Is it healthy, what failed, why, and can it be sent again."),
    field("Admin key", input),
    trouble,
    submit,
    h(
      "p",
      { class: "hint" },
      "The key stays in this tab's sessionStorage and goes to this service only. ",
      "Closing the tab or signing out forgets it. After a deploy, the stack's output ",
      h("code", {}, "AdminKeyCommand"),
      " fetches it.",
    ),
  );
  return { node, title: "Sign in" };
}

async function check(key) {
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new ApiError("That can't be a key: a key has no spaces, and only ASCII characters.");
  }
  await call("dlq?limit=1", { key });
}
