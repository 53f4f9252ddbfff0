// What a bulk action is called, and what it means.
import { count, fullTime, plural } from "./format.js";

export const ACTIONS = {
  replays: {
    verb: "replay",
    done: "replayed",
    doing: "Replaying",
    look: "primary",
    consequence: (total) => (total === 1 ? "; it may send a mail." : "; each may send a mail."),
    warning: null,
    button: (total) => `Replay ${plural(total, "job")}`,
  },
  discards: {
    verb: "discard",
    done: "discarded",
    doing: "Discarding",
    look: "danger",
    consequence: (total) => (total === 1 ? "; its mail is never sent." : "; no mail is sent."),
    warning: "This is final: a discarded job can't be replayed.",
    button: (total) => `Discard ${plural(total, "job")} for good`,
  },
};

// "Replay 120 dead jobs"
export function headline(action, filter, total) {
  const verb = ACTIONS[action].verb;
  const start = verb[0].toUpperCase() + verb.slice(1);
  if (isAll(filter)) {
    return total === 1 ? `${start} the only dead job` : `${start} all ${count(total)} dead jobs`;
  }
  if (!filter.jobIds) return `${start} ${plural(total, "dead job")}`;
  return total === 1 ? `${start} the chosen job` : `${start} the ${count(total)} chosen jobs`;
}

// "Replay 120 dead jobs whose error type is ReadTimeout; each may send a mail."
export function sentence(action, filter, total) {
  return headline(action, filter, total) + matchWords(filter) + ACTIONS[action].consequence(total);
}

export const isAll = (filter) => !filter.jobIds && !matchWords(filter);

export function matchWords({ errorClass, errorType, since, until }) {
  const whose = [
    errorClass && `error class is ${errorClass}`,
    errorType && `error type is ${errorType}`,
  ].filter(Boolean);
  const died = [
    since && `since ${fullTime(new Date(since))}`,
    until && `before ${fullTime(new Date(until))}`,
  ].filter(Boolean);
  const clauses = [
    whose.length > 0 && ` whose ${whose.join(" and ")}`,
    died.length > 0 && ` that died ${died.join(" and ")}`,
  ];
  return clauses.filter(Boolean).join(" and");
}

export function mayHaveLeftWords({ jobIds }, total) {
  if (total === 1 && jobIds) {
    return "The mail may have left already: its person may get a second mail.";
  }
  return "Some of these mails may have left already: each such one's person may get a second mail.";
}

const REASONS = {
  "not-found": "no longer kept",
  "not-dead": "no longer dead when their turn came",
  "went-out": "the mail is known to have left, so the job was completed instead",
  "no-recipient": "no address is known: only the message was found, never the job",
  "moved-meanwhile": "somebody else moved them in the same moment",
  unavailable: "the database did not answer",
};

export const reasonWords = (reason) => REASONS[reason] ?? reason;
