/**
 * How much longer a sign-in takes because of the notice: `npm run bench`.
 *
 * One application without it and one with it, `waitUntil` and a service that takes 50 ms to
 * accept; people sign in to both by turns.
 */

import { setTimeout as pause } from "node:timers/promises";

import { notifySignIn } from "signin-notifier-authjs";

import { startAuthJs } from "../tests/apps.ts";
import { Browser } from "../tests/browser.ts";
import { answer, Service } from "../tests/server.ts";

const ROUNDS = 300;
const WARM_UP = 50;
const PERSON = { id: "user-7", email: "bold@people.example", name: "Болд" };

await using service = await Service.start((response, request) => {
  void pause(50).then(() => answer(202)(response, request));
});
const kept: Promise<void>[] = [];
const errors: unknown[] = [];
const notifier = {
  url: service.url,
  key: "a-key",
  waitUntil: (promise: Promise<void>) => kept.push(promise),
  onError: (error: unknown) => errors.push(error),
};
const apps = [await startAuthJs({}), await startAuthJs({ notifier })] as const;
const times = { without: [] as number[], with: [] as number[], handler: [] as number[] };
const handler = notifySignIn(notifier);

for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
  const took = {
    without: await measure(() => new Browser(apps[0].url).signIn(PERSON)),
    with: await measure(() => new Browser(apps[1].url).signIn(PERSON)),
    handler: await measure(() => handler({ user: PERSON })),
  };
  await Promise.all(kept.splice(0));
  if (round < WARM_UP) continue;
  for (const name of ["without", "with", "handler"] as const) times[name].push(took[name]);
}
await Promise.all(apps.map((app) => app.close()));
if (errors.length) throw new Error(`${errors.length} notices were not sent`);

const added = median(times.with) - median(times.without);
console.log(`sign-ins of each kind        ${ROUNDS}`);
console.log(`sign-in without the notice   ${median(times.without).toFixed(2)} ms (median)`);
console.log(`sign-in with it              ${median(times.with).toFixed(2)} ms`);
console.log(`added                        ${added.toFixed(2)} ms`);
console.log(`the handler alone            ${median(times.handler).toFixed(2)} ms`);

async function measure(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}
