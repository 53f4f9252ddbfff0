// The statistics that all views share, asked for every 15 seconds while the page is seen.
import { call, inWords } from "./api.js";
import { count } from "./format.js";

const EVERY_MS = 15_000;

export const RANGES = [
  { hours: 24, label: "24 hours" },
  { hours: 168, label: "7 days" },
];

export const stats = { hours: 24, value: null, at: null, fault: null };

const listeners = new Set();
let running = false;
let timer = null;
let asked = new AbortController();

export function onStats(listener) {
  listeners.add(listener);
  if (stats.value || stats.fault) listener(stats);
  return () => listeners.delete(listener);
}

export function startStats() {
  running = true;
  document.addEventListener("visibilitychange", refreshWhileSeen);
  refreshStats();
}

export function stopStats() {
  running = false;
  document.removeEventListener("visibilitychange", refreshWhileSeen);
  clearTimeout(timer);
  asked.abort();
  Object.assign(stats, { value: null, at: null, fault: null });
}

export function chooseHours(hours) {
  stats.hours = hours;
  refreshStats();
}

function refreshWhileSeen() {
  clearTimeout(timer);
  if (!document.hidden) refreshStats();
}

export async function refreshStats() {
  clearTimeout(timer);
  asked.abort();
  const { signal } = (asked = new AbortController());
  try {
    const value = await call(`stats?hours=${stats.hours}`, { signal });
    Object.assign(stats, { value, at: new Date(), fault: null });
  } catch (error) {
    if (signal.aborted) return; // a newer question is under way
    stats.fault = inWords(error);
  }
  if (!running) return;
  for (const listener of listeners) listener(stats);
  if (!document.hidden) timer = setTimeout(refreshStats, EVERY_MS);
}

// A count that stopped at the limit of what is counted says so.
export function atLeast({ now, nowAtLeast = [] }, ...states) {
  const sum = states.reduce((total, state) => total + now[state], 0);
  return count(sum) + (states.some((state) => nowAtLeast.includes(state)) ? "+" : "");
}
