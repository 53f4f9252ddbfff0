// Numbers and times as people read them.
import { h } from "./dom.js";

const numbers = new Intl.NumberFormat("en");
const day = { day: "numeric", month: "short" };
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const clocks = new Intl.DateTimeFormat("en-GB", clock);
const days = new Intl.DateTimeFormat("en-GB", day);
const seconds = new Intl.DateTimeFormat("en-GB", { ...clock, second: "2-digit" });
const moments = new Intl.DateTimeFormat("en-GB", { ...day, ...clock, second: "2-digit" });
const hours = new Intl.DateTimeFormat("en-GB", { weekday: "short", ...day, ...clock });
const whole = new Intl.DateTimeFormat("en-GB", {
  ...day,
  ...clock,
  year: "numeric",
  second: "2-digit",
  timeZoneName: "longOffset",
});

export const count = (number) => numbers.format(number);

export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

// 100 % is all and 0 % is none, never nearly: what is missing is what one looks for.
export function percent(rate) {
  if (rate === null) return "–";
  if (rate === 0 || rate === 1) return `${rate * 100} %`;
  return `${Math.min(Math.max(rate * 100, 0.1), 99.9).toFixed(1)} %`;
}

export function duration(ms) {
  if (ms === null) return "–";
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// A time in the reader's own zone; hovering tells the year and the offset.
export function time(iso) {
  if (!iso) return null;
  const moment = new Date(iso);
  return h("time", { datetime: iso, title: whole.format(moment) }, moments.format(moment));
}

export const clockTime = (moment) => seconds.format(moment);
export const fullTime = (moment) => whole.format(moment);

// "Wed, 25 Nov, 14:00 to 15:00"
export function hourSpan(iso) {
  const start = new Date(iso);
  const end = new Date(start.getTime() + 3_600_000);
  return `${hours.format(start)} to ${clockOf(end)}`;
}

export const clockOf = (moment) => clocks.format(moment);
export const dayOf = (moment) => days.format(moment);

export function zone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat("en-GB", { timeZoneName: "longOffset" }).formatToParts();
  return `${timeZone} (${parts.find(({ type }) => type === "timeZoneName").value})`;
}

const STATUS = {
  enqueued: "Enqueued",
  processing: "Processing",
  retrying: "Retrying",
  parked: "Parked",
  completed: "Completed",
  dlq: "Dead",
  discarded: "Discarded",
};

export function status(name) {
  return h("span", { class: `chip status-${name}` }, STATUS[name] ?? name);
}

// An attempt ended without an answer.
export const mayHaveLeft = (job) =>
  job.mayHaveLeft && h("span", { class: "chip may-have-left" }, "may have left");

export function errorClass(name) {
  return name && h("span", { class: `chip class-${name}` }, name);
}
