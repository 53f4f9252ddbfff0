// Replaying or discarding all that match, a batch at a time, however many there are.
import { call, pause, serviceNow } from "./api.js";

const IDS_A_CALL = 100;
const COUNTED_A_CALL = 2000;
// Small, so that the bar moves and a stop is heeded soon; and no faster than API Gateway allows.
const BATCH = 25;
const PACE_MS = 250;

// What dies from now on does not match: not even what dies again after its replay.
export function frozen(filter) {
  if (filter.jobIds) return filter; // each of them has one turn
  const now = new Date(Math.ceil(serviceNow() / 1000 + 1) * 1000);
  const until = filter.until && new Date(filter.until) < now ? filter.until : now.toISOString();
  return { ...filter, until };
}

// Counts without changing anything; tells the number so far.
export async function countMatching(action, filter, { signal, tell }) {
  let total = 0;
  for (const part of parts(filter, IDS_A_CALL)) {
    let cursor = null;
    do {
      const page = pageOf(part, COUNTED_A_CALL, cursor);
      const answer = await call(`dlq/${action}`, { body: { ...page, dryRun: true }, signal });
      total += answer.matched;
      cursor = answer.nextCursor;
      tell(total);
    } while (cursor);
  }
  return total;
}

// One run over all that match. It can be stopped, and goes on where it stopped or failed.
export class Run {
  done = 0;
  skipped = new Map(); // reason -> ids of the jobs
  finished = false;
  perhaps = 0; // at most as many were done by calls whose answers were lost

  #action;
  #parts;
  #total;
  #more;
  #cursor = null;
  #stopped = false;
  #lostIds = new Set();

  constructor(action, filter, total, { by, reason }) {
    this.#action = action;
    this.#total = total;
    this.#parts = parts(filter, BATCH);
    this.#more = { ...(by && { by }), ...(reason && { reason }) };
  }

  get skippedCount() {
    return [...this.skipped.values()].reduce((sum, ids) => sum + ids.length, 0);
  }

  // Heeded between two batches: one that is under way has an outcome, and it is to be known.
  stop() {
    this.#stopped = true;
  }

  async go(tell) {
    this.#stopped = false;
    while (this.#parts.length > 0) {
      const paced = pause(PACE_MS);
      const page = pageOf(this.#parts[0], BATCH, this.#cursor);
      const lost = () => this.#lose();
      this.#take(await call(`dlq/${this.#action}`, { body: { ...page, ...this.#more }, lost }));
      tell();
      await paced;
      if (this.#stopped && this.#parts.length > 0) {
        if (this.done + this.skippedCount < this.#total) return;
        break; // a cursor only says that there may be more
      }
    }
    this.finished = true;
  }

  // Repeated, a filter finds the next jobs; ids name the same ones, however often they are lost.
  #lose() {
    const { jobIds } = this.#parts[0];
    if (!jobIds) this.perhaps += BATCH;
    else if (!this.#lostIds.has(jobIds)) this.perhaps += jobIds.length;
    this.#lostIds.add(jobIds);
  }

  #take(answer) {
    this.done += answer.replayed ?? answer.discarded ?? 0;
    for (const { jobId, reason } of answer.skippedJobs) {
      if (!this.skipped.has(reason)) this.skipped.set(reason, []);
      this.skipped.get(reason).push(jobId);
    }
    this.#cursor = answer.nextCursor;
    if (!this.#cursor) this.#parts.shift();
  }
}

// Ids are their own pages: the API wants nothing else beside them.
function parts(filter, size) {
  const { jobIds } = filter;
  if (!jobIds) return [filter];
  const starts = Array.from({ length: Math.ceil(jobIds.length / size) }, (_, n) => n * size);
  return starts.map((start) => ({ jobIds: jobIds.slice(start, start + size) }));
}

function pageOf(filter, limit, cursor) {
  return filter.jobIds ? { filter } : { filter, limit, ...(cursor && { cursor }) };
}
