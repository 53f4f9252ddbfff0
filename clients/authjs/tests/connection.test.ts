/** What the wire and the process see: who gets the key, what becomes of connections, when it ends. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";

import { notifySignIn, type NotifyError } from "signin-notifier-authjs";

import { answer, drip, endless, inParts, moved, Service } from "./server.ts";
import { SIGN_IN } from "./told.ts";

/** How long what must happen may take on a busy machine. */
const PATIENCE = { timeout: 30_000 };
const deadline = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(20_000) });

describe("the key", () => {
  it("is handed to nobody whom the service names", async () => {
    await using other = await Service.start(answer(202));
    await using service = await Service.start(moved(`${other.url}/elsewhere`));
    const errors: NotifyError[] = [];
    const onError = (error: NotifyError): unknown => errors.push(error);
    await notifySignIn({ url: service.url, key: "a-key", onError })(SIGN_IN);
    assert.deepEqual(other.notices, []);
    assert.deepEqual(errors.map(String), ["NotifyError: the service answered 307"]);
  });
});

describe("with waitUntil", () => {
  it("a sign-in goes on while its notice is not answered", async () => {
    let respond!: () => void;
    await using service = await Service.start((response, request) => {
      respond = () => answer(202)(response, request);
      asked();
    });
    let asked!: () => void;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const kept: Promise<void>[] = [];
    const errors: NotifyError[] = [];
    await notifySignIn({
      url: service.url,
      key: "a-key",
      waitUntil: (promise) => kept.push(promise),
      onError: (error) => errors.push(error),
    })(SIGN_IN);
    // Only now: a sign-in that waits for the answer would have waited for ever, or till the end.
    await isAsked;
    respond();
    await Promise.all(kept);
    assert.equal(kept.length, 1);
    assert.deepEqual(errors, []);
  });
});

describe("a connection", PATIENCE, () => {
  it("serves again after a short answer", async () => {
    await using service = await Service.start(inParts(202));
    const handler = notifySignIn({ url: service.url, key: "a-key" });
    const ports = (): Set<number | undefined> => new Set(service.notices.map(({ port }) => port));
    for (let count = 0; count < 20 && ports().size === service.notices.length; count += 1) {
      await handler(SIGN_IN);
    }
    assert.ok(ports().size < service.notices.length);
  });

  for (const [what, respond] of Object.entries({ "never ends": drip(202), "is huge": endless(202) })) {
    it(`is cut off if the answer ${what}`, async () => {
      const responses: ServerResponse[] = [];
      await using service = await Service.start((response, request) => {
        responses.push(response);
        respond(response, request);
      });
      const errors: NotifyError[] = [];
      const onError = (error: NotifyError): unknown => errors.push(error);
      await notifySignIn({ url: service.url, key: "a-key", onError })(SIGN_IN);
      if (!responses[0]!.closed) await once(responses[0]!, "close", deadline());
      assert.equal(responses[0]!.writableFinished, false);
      assert.equal(responses.length, 1);
      assert.deepEqual(errors, []);
    });
  }
});

describe("a process", PATIENCE, () => {
  for (const [what, respond] of Object.entries({ answers: answer(202), "never ends": drip(202) })) {
    it(`ends by itself after a service that ${what}`, async () => {
      await using service = await Service.start(respond);
      const child = spawn(process.execPath, [`${import.meta.dirname}/once.ts`, service.url]);
      const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit", deadline())]);
      assert.equal(code, 0);
      const held = JSON.parse(output);
      assert.equal(service.notices.length, 1);
      assert.ok(!held.includes("Timeout"), `held by ${held}`);
    });
  }
});
