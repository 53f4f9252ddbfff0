// The admin API: one call, its repeats, and what can go wrong with it in words.
import * as session from "./session.js";

const TIMEOUT_MS = 30_000; // API Gateway's own limit
const WAITS_MS = [500, 1500, 4000];
const LONGEST_WAIT_MS = 20_000;
// Throttled, or not known to have been answered. Every call may be repeated: a replay or a discard
// only touches what is still dead.
const REPEATED = new Set([429, 502, 503, 504]);

export class ApiError extends Error {
  constructor(message, status = null) {
    super(message);
    this.status = status;
  }
}

// What to tell of an error; one that is not the service's is a fault of this page, and reported.
export function inWords(error) {
  if (error instanceof ApiError) return error.message;
  reportError(error);
  return "This page failed at that. Load it again, and tell those who look after it.";
}

let skewMs = 0; // what the service's clock is ahead of this computer's

export const serviceNow = () => Date.now() + skewMs;

// Paths are relative to the page's own address, /api/admin/console.
// `lost` hears of each try that may have done its work although no answer of it came.
export async function call(path, { body, signal, key = session.key(), lost } = {}) {
  for (let tries = 0; ; tries += 1) {
    const { answer, fault, waitMs } = await once(path, { body, signal, key });
    if (!fault) return answer;
    if (fault.status === null || fault.status < 400 || fault.status >= 500) lost?.();
    if (waitMs === undefined || tries === WAITS_MS.length) throw refused(fault);
    const jitter = 1 + Math.random() / 4;
    await pause(Math.min(Math.max(waitMs, WAITS_MS[tries] * jitter), LONGEST_WAIT_MS), signal);
  }
}

export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
  });
}

async function once(path, { body, signal, key }) {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  let response;
  let text;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body && { "Content-Type": "application/json" }),
      },
      body: body && JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, late]) : late,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    return { fault: new ApiError(unreachable(late.aborted)), waitMs: 0 };
  }
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date) skewMs = date - Date.now();
  const answer = parsed(text);
  if (response.ok && answer) return { answer };
  return {
    fault: new ApiError(refusal(response.status, answer), response.status),
    waitMs: REPEATED.has(response.status) ? retryAfterMs(response) : undefined,
  };
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null; // an answer of something in between, such as a proxy's page
  }
}

function retryAfterMs(response) {
  const seconds = Number(response.headers.get("Retry-After"));
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

// The page has to know that its key is no good, wherever that was found out.
function refused(error) {
  if (error.status === 401 || error.status === 403) {
    dispatchEvent(new CustomEvent("key-refused", { detail: error.message }));
  }
  return error;
}

function unreachable(late) {
  if (!navigator.onLine) return "This computer is offline.";
  return late
    ? "The service did not answer within 30 seconds."
    : "The service can't be reached: no network, or something in between refuses the connection.";
}

function refusal(status, answer) {
  const said = typeof answer?.error === "string" ? answer.error : "";
  if (status === 401) {
    return "The service does not know this key. It may be mistyped, or have been rotated.";
  }
  if (status === 403) {
    return "This is the producers' key: it posts sign-ins. The console needs the admin key.";
  }
  if (status === 429) {
    return "Too many requests at once: API Gateway throttles them. Wait a few seconds.";
  }
  if (status === 503) return "The service can't answer now (503). Try again in a minute.";
  if (status >= 500) return `The service failed (${status}). Its log tells why.`;
  if (status >= 400 && said) return [said, ...details(answer)].join(" ");
  return `The answer (${status}) was not one of this service. Is a proxy in between?`;
}

function details(answer) {
  if (!Array.isArray(answer.errors)) return [];
  return answer.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
}
