/** People sign in to real applications, whatever becomes of the notice. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import type { NotifyError } from "signin-notifier-authjs";

import { adapter, KNOWN } from "./adapter.ts";
import { startAuthJs, startNextAuth, type Setup } from "./apps.ts";
import { AGENT, Browser } from "./browser.ts";
import { PERSON, startProvider } from "./provider.ts";
import { answer, deadUrl, drip, never, reset, Service, type Running } from "./server.ts";

const BOLD = { id: "user-7", email: "bold@people.example", name: "Болд" };
const KEY = "a-producer-key";
/** The budget, and what a busy machine may take for the sign-in itself. */
const AT_MOST_MS = 1500 + 3500;

let provider: Running;
before(async () => {
  provider = await startProvider();
});
after(() => provider.close());

for (const [version, start] of [
  ["Auth.js 5", startAuthJs],
  ["NextAuth 4", startNextAuth],
] as const) {
  describe(version, { concurrency: true }, () => {
    async function open(setup: Setup, headers?: Record<string, string>) {
      const app = await start({ providerUrl: provider.url, ...setup });
      return { browser: new Browser(app.url, headers), [Symbol.asyncDispose]: () => app.close() };
    }

    it("tells who signed in, how, and from where", async () => {
      await using service = await Service.start(answer(202));
      await using app = await open(
        { notifier: { url: service.url, key: KEY } },
        { "X-Forwarded-For": "198.51.100.1, 203.0.113.7" },
      );
      const session = (await app.browser.signIn(BOLD)) as { user: { email: string } };
      assert.equal(session.user.email, BOLD.email);
      assert.equal(service.notice.url, "/api/jobs/signin-notification");
      assert.equal(service.notice.headers["authorization"], `Bearer ${KEY}`);
      assert.deepEqual(service.notice.body, {
        userId: BOLD.id,
        email: BOLD.email,
        name: BOLD.name,
        provider: "credentials",
        ipAddress: "198.51.100.1, 203.0.113.7",
        userAgent: AGENT,
      });
    });

    it("tells nothing of somebody who does not know the password", async () => {
      await using service = await Service.start(answer(202));
      await using app = await open({ notifier: { url: service.url, key: KEY } });
      await app.browser.signIn(BOLD, "wrong");
      assert.deepEqual(service.notices, []);
    });

    it("gives a user the same id at two OAuth sign-ins without an adapter", async () => {
      await using service = await Service.start(answer(202));
      await using app = await open({ notifier: { url: service.url, key: KEY } });
      for (const browser of [app.browser, app.browser]) {
        const session = (await browser.signInBy("steppe")) as { user: { email: string } };
        assert.equal(session.user.email, PERSON.email);
      }
      const [first, second] = service.notices.map((notice) => notice.body);
      assert.equal(first?.["userId"], `steppe:${PERSON.id}`);
      assert.equal(second?.["userId"], first?.["userId"]);
      const keys = new Set(service.notices.map((notice) => notice.headers["idempotency-key"]));
      assert.equal(keys.size, 2);
    });

    const troubles = {
      "is dead": { service: null, requests: 0, says: /^the service could not be reached/ },
      "never answers": { service: [never], requests: 1, says: /^not done within 1500 ms$/ },
      "answers 500": { service: [answer(500)], requests: 2, says: /^the service answered 500$/ },
      "answers 503": { service: [answer(503)], requests: 2, says: /^the service answered 503$/ },
      "answers 500, then never": { service: [answer(500), never], requests: 2, says: /^not done/ },
      "answers 500, then 202": { service: [answer(500), answer(202)], requests: 2, says: null },
      "resets, then knows the request": { service: [reset, answer(409)], requests: 2, says: null },
      "resets": { service: [reset], requests: 2, says: /^the service could not be reached/ },
      "answers 429": { service: [answer(429)], requests: 1, says: /^the service answered 429$/ },
      "answers 409": { service: [answer(409)], requests: 1, says: null },
      "answers 302": { service: [answer(302)], requests: 1, says: /^the service answered 302$/ },
      "never ends its answer": { service: [drip(202)], requests: 1, says: null },
    };
    for (const [trouble, { service: answers, requests, says }] of Object.entries(troubles)) {
      it(`lets people sign in while the service ${trouble}`, async () => {
        await using service = answers && (await Service.start(...answers));
        const errors: NotifyError[] = [];
        const url = service ? service.url : await deadUrl();
        const onError = (error: NotifyError): unknown => errors.push(error);
        await using app = await open({ notifier: { url, key: KEY, onError } });
        const began = performance.now();
        const session = (await app.browser.signIn(BOLD)) as { user: { email: string } };
        assert.ok(performance.now() - began < AT_MOST_MS);
        assert.equal(session.user.email, BOLD.email);
        assert.equal(service ? service.notices.length : 0, requests);
        assert.equal(errors.length, says ? 1 : 0);
        if (says) assert.match(errors[0]!.message, says);
        for (const error of errors) assert.doesNotMatch(String(error.stack), /bold|Болд|user-7/i);
        const [first, second] = service?.notices ?? [];
        if (first && second) {
          assert.equal(second.headers["idempotency-key"], first.headers["idempotency-key"]);
          assert.deepEqual(second.body, first.body);
        }
      });
    }

    it("signs in without waiting where a host is kept awake", async () => {
      await using service = await Service.start(never);
      const kept: Promise<void>[] = [];
      const waitUntil = (promise: Promise<void>): unknown => kept.push(promise);
      await using app = await open({ notifier: { url: service.url, key: KEY, waitUntil } });
      let over = false;
      const session = (await app.browser.signIn(BOLD)) as { user: { email: string } };
      void kept[0]!.then(() => (over = true));
      assert.equal(session.user.email, BOLD.email);
      assert.equal(over, false);
      await Promise.all(kept);
      assert.equal(kept.length, 1);
    });
  });
}

it("takes the id of a user that an adapter knows", async () => {
  await using service = await Service.start(answer(202));
  const app = await startAuthJs({
    notifier: { url: service.url, key: KEY },
    providerUrl: provider.url,
    adapter,
  });
  await new Browser(app.url).signInBy("steppe");
  assert.equal(service.notice.body["userId"], KNOWN.id);
  await app.close();
});
