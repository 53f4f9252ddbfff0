/** What may go wrong in the caller's own hands. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { notifySignIn, type NotifyError, type Options, type SignIn } from "signin-notifier-authjs";

import { answer, Service } from "./server.ts";
import { SIGN_IN, told } from "./told.ts";

function fail(): never {
  throw new Error("bold@people.example");
}

describe("what the caller hands over", () => {
  const throwing: Record<string, [Partial<Options>, string]> = {
    "a when that throws": [{ when: fail }, "when failed; the notice is sent"],
    "a when that rejects": [{ when: async () => fail() }, "when failed; the notice is sent"],
    "a request that throws": [{ request: fail }, "request failed; the notice is sent without it"],
    "a request that rejects": [
      { request: async () => fail() },
      "request failed; the notice is sent without it",
    ],
    "a request that never comes": [
      { request: () => new Promise<Headers>(() => {}) },
      "request not done within 500 ms; the notice is sent without it",
    ],
    "a locale that throws": [{ locale: fail }, "locale failed; the notice is sent without it"],
    "a locale that rejects": [
      { locale: async () => fail() },
      "locale failed; the notice is sent without it",
    ],
    "a locale that never comes": [
      { locale: () => new Promise<string>(() => {}) },
      "locale not done within 500 ms; the notice is sent without it",
    ],
    "a waitUntil that throws": [{ waitUntil: fail }, "waitUntil failed"],
  };
  for (const [what, [options, sentence]] of Object.entries(throwing)) {
    it(`costs no notice: ${what}`, async () => {
      const { body, errors } = await told(SIGN_IN, options);
      assert.equal(body?.["email"], SIGN_IN.user.email);
      assert.deepEqual(errors, [`NotifyError: ${sentence}`]);
    });
  }

  it("costs no notice, if neither request nor locale ever comes", async () => {
    const { body, errors } = await told(SIGN_IN, {
      request: () => new Promise<Headers>(() => {}),
      locale: () => new Promise<string>(() => {}),
    });
    assert.equal(body?.["email"], SIGN_IN.user.email);
    assert.equal(errors.length, 2);
  });

  it("costs no notice: a waitUntil that rejects", async () => {
    await using service = await Service.start(answer(202));
    const errors: NotifyError[] = [];
    const kept = await new Promise<Promise<void>>((resolve) => {
      const waitUntil = async (promise: Promise<void>): Promise<void> => {
        resolve(promise);
        fail();
      };
      const onError = (error: NotifyError): unknown => errors.push(error);
      void notifySignIn({ url: service.url, key: "a-key", waitUntil, onError })(SIGN_IN);
    });
    await kept;
    assert.equal(service.notice.body["email"], SIGN_IN.user.email);
    assert.deepEqual(errors.map(String), ["NotifyError: waitUntil failed"]);
  });

  it("may throw in onError, at once or later", async () => {
    for (const onError of [fail, async () => fail()]) {
      await told({ user: {} }, { onError });
      await told(SIGN_IN, { onError, when: fail, waitUntil: fail });
    }
  });

  it("may be a when that never comes to an end", async () => {
    const { body, errors } = await told(SIGN_IN, { when: () => new Promise<boolean>(() => {}) });
    assert.equal(body, undefined);
    assert.deepEqual(errors, ["NotifyError: not done within 1500 ms"]);
  });

  it("is read at once, since a request is forgotten after its answer", async () => {
    let isForgotten = false;
    const here = { get: () => (isForgotten ? null : "203.0.113.7") };
    const gone = { get: () => null };
    for (const request of [here, () => (isForgotten ? gone : { get: () => "203.0.113.7" })]) {
      await using service = await Service.start(answer(202));
      isForgotten = false;
      const done = notifySignIn({ url: service.url, key: "a-key", request })(SIGN_IN);
      isForgotten = true;
      await done;
      assert.equal(service.notice.body["ipAddress"], "203.0.113.7");
    }
  });

  it("may be an event that is nothing like one", async () => {
    const { errors } = await told({} as SignIn);
    assert.deepEqual(errors, ["NotifyError: the notice could not be made"]);
  });
});

describe("what is wrong with the settings", () => {
  it("is reported if the address or the key is missing", async () => {
    for (const missing of [{ url: undefined }, { url: "" }, { key: undefined }, { key: " " }]) {
      const { body, errors } = await told(SIGN_IN, missing);
      assert.equal(body, undefined);
      assert.deepEqual(errors, ["NotifyError: url and key are not both set"]);
    }
  });

  const invalid: Record<string, Partial<Options>> = {
    "a key with a line break": { key: "a-\nkey" },
    "a key of letters that no header can hold": { key: "түлхүүр" },
    "an address without a scheme": { url: "notifier.example" },
    "an address whose port looks like a path": { url: "localhost:3333" },
    "an address that is not of HTTP": { url: "ftp://notifier.example" },
    "an address with a user": { url: "http://bold@localhost" },
    "an address with a password": { url: "http://:a-password@localhost" },
    "an address with a query": { url: "http://localhost?stage" },
    "an address with a fragment": { url: "http://localhost/#x" },
    "an address that is no text": { url: 3333 as never },
  };
  for (const [what, wrong] of Object.entries(invalid)) {
    it(`is reported, and nothing is tried: ${what}`, async (test) => {
      const fetched = test.mock.method(globalThis, "fetch");
      const { errors } = await told(SIGN_IN, wrong);
      assert.deepEqual(errors, ["NotifyError: url or key is not valid"]);
      assert.equal(fetched.mock.callCount(), 0);
    });
  }

  it("is not a line break after the key, as files have one", async () => {
    const { headers } = await told(SIGN_IN, { key: "a-key\n" });
    assert.equal(headers?.["authorization"], "Bearer a-key");
  });

  it("is reported if the runtime is too old", async (test) => {
    test.mock.property(globalThis, "fetch", undefined as never);
    const { errors } = await told(SIGN_IN);
    assert.deepEqual(errors, ["NotifyError: fetch or crypto is missing here"]);
  });

  it("shows at the start if there are none", () => {
    assert.throws(() => notifySignIn(undefined as never), /notifySignIn needs its options/);
  });
});
