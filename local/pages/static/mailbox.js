// Everything of a mail is set as text; its HTML is shown only by the sandboxed frame.
const POLL_MS = 1500;

const byId = (id) => document.getElementById(id);
// Either the list or one mail, as in style.css.
const narrow = matchMedia("(max-width: 720px)");
const rows = new Map(); // Message-ID -> list item
let seen = null; // the list's ETag
let chosen = null; // Message-ID

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

function fact(name, value) {
  const term = document.createElement("dt");
  const detail = document.createElement("dd");
  term.textContent = name;
  detail.textContent = value;
  return [term, detail];
}

// Only a list beside its mail says which one that is.
function mark() {
  byId("list").querySelector("[aria-current]")?.removeAttribute("aria-current");
  if (!narrow.matches) rows.get(chosen)?.firstElementChild.setAttribute("aria-current", "true");
}

function read(mail) {
  const id = mail.headers["Message-ID"];
  chosen = id;
  mark();
  byId("subject").textContent = mail.subject;
  byId("facts").replaceChildren(
    ...fact("From", mail.from),
    ...fact("To", mail.to),
    ...fact("Sent", calendar.format(new Date(mail.sentAt))),
    ...fact("Job", mail.jobId ?? "none"),
  );
  byId("html").src = `/mailbox/messages/${encodeURIComponent(id)}/html`;
  byId("text").textContent = mail.text;
  byId("headers").replaceChildren(
    ...Object.entries(mail.headers).flatMap(([name, value]) => fact(name, value)),
  );
  byId("reader").hidden = false;
}

function row(mail) {
  const item = byId("row").content.cloneNode(true).firstElementChild;
  item.querySelector(".to").textContent = mail.to;
  item.querySelector(".subject").textContent = mail.subject;
  const time = item.querySelector("time");
  time.dateTime = mail.sentAt;
  time.textContent = clock.format(new Date(mail.sentAt));
  item.firstElementChild.addEventListener("click", () => {
    read(mail);
    document.body.classList.add("reading");
  });
  return item;
}

// Rows are added and removed one by one, so the selection, the focus and the scroll stay.
function show(mails) {
  const current = new Set(mails.map((mail) => mail.headers["Message-ID"]));
  for (const [id, item] of rows) {
    if (!current.has(id)) {
      item.remove();
      rows.delete(id);
    }
  }
  for (const mail of mails.toReversed()) {
    const id = mail.headers["Message-ID"];
    if (!rows.has(id)) {
      rows.set(id, row(mail));
      byId("list").prepend(rows.get(id));
    }
  }
  byId("empty").hidden = mails.length > 0;
  byId("mails").hidden = mails.length === 0;
  if (!rows.has(chosen) && mails.length) read(mails[0]);
}

async function refresh() {
  try {
    const answer = await fetch("/mailbox/messages", { cache: "no-cache" });
    if (!answer.ok) throw new Error(answer.statusText);
    if (answer.headers.get("ETag") !== seen) {
      const mails = await answer.json();
      seen = answer.headers.get("ETag");
      show(mails);
    }
    byId("state").textContent = rows.size === 1 ? "1 mail" : `${rows.size} mails`;
  } catch {
    byId("state").textContent = "Not running: start `make local` again";
  }
  setTimeout(refresh, POLL_MS);
}

narrow.addEventListener("change", mark);
byId("back").addEventListener("click", () => document.body.classList.remove("reading"));
refresh();
