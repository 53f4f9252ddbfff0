/** What a notice says, and what may go wrong in the caller's own hands. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { notifySignIn, type NotifyError, type Options, type SignIn } from "signin-notifier-authjs";

import { answer, Service } from "./server.ts";

const SIGN_IN: SignIn = {
  user: { id: "user-7", email: "bold@people.example", name: "Болд" },
  account: { provider: "github", type: "oauth", providerAccountId: "4711" },
  isNewUser: false,
};

/** Sign in against a service that accepts; return what it was sent, and what was reported. */
async function told(signIn: SignIn, options: Partial<Options> = {}) {
  await using service = await Service.start(answer(202));
  const errors: NotifyError[] = [];
  await notifySignIn({
    url: service.url,
    key: "a-key",
    onError: (error) => errors.push(error),
    ...options,
  })(signIn);
  const [notice] = service.notices;
  return { body: notice?.body, headers: notice?.headers, errors: errors.map(String) };
}

function fail(): never {
  throw new Error("bold@people.example");
}

describe("the user's id", () => {
  const ids: Record<string, [SignIn, string]> = {
    "is the adapter's": [SIGN_IN, "user-7"],
    "is the adapter's, of a new user too": [{ ...SIGN_IN, isNewUser: true }, "user-7"],
    "is the account's, if no adapter has made the user": [
      { user: SIGN_IN.user, account: SIGN_IN.account! },
      "github:4711",
    ],
    "is what authorize returned": [
      { user: SIGN_IN.user, account: { provider: "ldap", type: "credentials", providerAccountId: "9" } },
      "user-7",
    ],
    "is an adapter's number or object, as text": [
      { ...SIGN_IN, user: { ...SIGN_IN.user, id: 31 } },
      "31",
    ],
    "is the address, if authorize returned none": [
      {
        user: { email: "bold@people.example" },
        account: { provider: "ldap", type: "credentials", providerAccountId: undefined as never },
      },
      "ldap:bold@people.example",
    ],
  };
  for (const [which, [signIn, id]] of Object.entries(ids)) {
    it(which, async () => assert.equal((await told(signIn)).body?.["userId"], id));
  }
});

describe("a notice", () => {
  it("goes nowhere without an e-mail address, and this is reported", async () => {
    for (const email of [undefined, null, "", " "]) {
      const user = { ...SIGN_IN.user, email } as SignIn["user"];
      const { body, errors } = await told({ ...SIGN_IN, user });
      assert.equal(body, undefined);
      assert.deepEqual(errors, ["NotifyError: the user has no e-mail address"]);
    }
  });

  it("goes nowhere without an address of the service, or a key, and this is reported", async () => {
    for (const missing of [{ url: undefined }, { key: undefined }, { key: "" }]) {
      const { body, errors } = await told(SIGN_IN, missing);
      assert.equal(body, undefined);
      assert.deepEqual(errors, ["NotifyError: url and key are not both set"]);
    }
  });

  it("goes to an address with or without a slash at its end", async () => {
    await using service = await Service.start(answer(202));
    await notifySignIn({ url: `${service.url}/stage/`, key: "a-key" })(SIGN_IN);
    assert.equal(service.notice.url, "/stage/api/jobs/signin-notification");
  });

  it("is of chosen sign-ins only", async () => {
    const when: Options["when"] = ({ isNewUser }) => !isNewUser;
    assert.ok((await told(SIGN_IN, { when })).body);
    const newcomer = await told({ ...SIGN_IN, isNewUser: true }, { when });
    assert.deepEqual(newcomer, { body: undefined, headers: undefined, errors: [] });
    assert.equal((await told(SIGN_IN, { when: async () => false })).body, undefined);
  });

  it("names a language, fixed or the user's own", async () => {
    assert.equal((await told(SIGN_IN, { locale: "en" })).body?.["locale"], "en");
    const locale: Options["locale"] = ({ user }) => (user.name === "Болд" ? "mn" : "en");
    assert.equal((await told(SIGN_IN, { locale })).body?.["locale"], "mn");
    assert.equal((await told(SIGN_IN, { locale: () => null })).body?.["locale"], undefined);
  });

  it("has a key that API Gateway and the service take", async () => {
    const { headers } = await told(SIGN_IN);
    assert.match(String(headers?.["idempotency-key"]), /^[\x21-\x7e]{1,255}$/);
  });

  it("is not suppressed by text that the service refuses", async () => {
    const broken = "a\ud800b\ufffdc\u0000d\u2028";
    const { body } = await told(
      { ...SIGN_IN, user: { ...SIGN_IN.user, name: broken + "😀".repeat(150) } },
      { request: { get: () => broken + "x".repeat(2000) + ", 203.0.113.7" } },
    );
    const name = String(body?.["name"]);
    assert.ok(name.startsWith("abc d 😀") && name.length <= 200 && name.isWellFormed());
    assert.equal(String(body?.["ipAddress"]).length, 512);
    assert.ok(String(body?.["ipAddress"]).endsWith(", 203.0.113.7"));
    assert.equal(body?.["userAgent"], `abc d ${"x".repeat(1024)}`.slice(0, 1022));
  });
});

describe("where the request came from", () => {
  const FROM = { "x-forwarded-for": "203.0.113.7", "user-agent": "Firefox" };
  const seen = { ipAddress: "203.0.113.7", userAgent: "Firefox" };
  const sources: Record<string, [Options["request"], object]> = {
    "is read from a request of fetch": [new Request("http://a.example", { headers: FROM }), seen],
    "is read from headers": [new Headers(FROM), seen],
    "is read from Node's headers": [FROM, seen],
    "is read from Node's request": [{ headers: FROM }, seen],
    "is read from a function": [() => new Headers(FROM), seen],
    "is read from Next's headers()": [async () => new Headers(FROM), seen],
    "is the last proxy's word": [{ "x-real-ip": "203.0.113.9" }, { ipAddress: "203.0.113.9" }],
    "is the other end, without a proxy": [
      { headers: {}, socket: { remoteAddress: "::1" } },
      { ipAddress: "::1" },
    ],
    "is read from all lines of a header": [
      { "x-forwarded-for": ["198.51.100.1", "203.0.113.7"] },
      { ipAddress: "198.51.100.1, 203.0.113.7" },
    ],
    "may be unknown": [{}, {}],
  };
  for (const [how, [request, expected]] of Object.entries(sources)) {
    it(how, async () => {
      const { body, errors } = await told(SIGN_IN, request && { request });
      const { ipAddress, userAgent } = body!;
      assert.deepEqual(JSON.parse(JSON.stringify({ ipAddress, userAgent })), expected);
      assert.deepEqual(errors, []);
    });
  }
});

describe("what the caller hands over", () => {
  const throwing: Record<string, [Partial<Options>, string]> = {
    "a when that throws": [{ when: fail }, "when failed; the notice is sent"],
    "a when that rejects": [{ when: async () => fail() }, "when failed; the notice is sent"],
    "a request that throws": [
      { request: fail },
      "the request could not be read; the notice is sent without it",
    ],
    "a locale that throws": [
      { locale: fail },
      "locale failed; the notice is sent in the default language",
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

  it("may be an event that is nothing like one", async () => {
    const { errors } = await told({} as SignIn);
    assert.deepEqual(errors, ["NotifyError: the notice could not be made"]);
  });
});
