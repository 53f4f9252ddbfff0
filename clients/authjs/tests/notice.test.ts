/** What a notice says. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { notifySignIn, type Options, type SignIn } from "signin-notifier-authjs";

import { answer, Service } from "./server.ts";
import { SIGN_IN, told } from "./told.ts";

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
    "is told as it is": [
      { ...SIGN_IN, user: { ...SIGN_IN.user, id: " user-7\ufffd\u0000 " } },
      " user-7\ufffd\u0000 ",
    ],
    "is the provider's as it is": [
      { user: SIGN_IN.user, account: { provider: "x", type: "oauth", providerAccountId: "\ufffd7 " } },
      "x:\ufffd7 ",
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

  it("names the address as it is, never somebody else's", async () => {
    for (const email of ["bo\ufffdld-other@people.example", "bold\u0000@people.example"]) {
      const { body, errors } = await told({ ...SIGN_IN, user: { ...SIGN_IN.user, email } });
      assert.equal(body?.["email"], email);
      assert.deepEqual(errors, []);
    }
  });

  it("goes nowhere if the user can't be named in UTF-8, and this is reported", async () => {
    for (const broken of [{ id: "user-7\ud800" }, { email: "bold\udc00@people.example" }]) {
      const { body, errors } = await told({ ...SIGN_IN, user: { ...SIGN_IN.user, ...broken } });
      assert.equal(body, undefined);
      assert.deepEqual(errors, [
        "NotifyError: the user's id or e-mail address is not valid Unicode",
      ]);
    }
  });

  it("has no bare U+FFFD, which the service takes for broken bytes", async () => {
    const { text } = await told({ ...SIGN_IN, user: { ...SIGN_IN.user, id: "7\ufffd" } });
    assert.match(text!, /7\\ufffd/);
  });

  it("goes to an address with or without a slash at its end", async () => {
    await using service = await Service.start(answer(202));
    const stage = `${service.url}/stage`;
    for (const url of [stage, `${stage}/`, new URL(stage), new URL(`${stage}/`)]) {
      await notifySignIn({ url, key: "a-key" })(SIGN_IN);
    }
    const paths = service.notices.map((notice) => notice.url);
    assert.deepEqual(paths, Array(4).fill("/stage/api/jobs/signin-notification"));
  });

  it("is of chosen sign-ins only", async () => {
    const when: Options["when"] = ({ isNewUser }) => !isNewUser;
    assert.ok((await told(SIGN_IN, { when })).body);
    const newcomer = await told({ ...SIGN_IN, isNewUser: true }, { when });
    assert.equal(newcomer.body, undefined);
    assert.deepEqual(newcomer.errors, []);
    assert.equal((await told(SIGN_IN, { when: async () => false })).body, undefined);
  });

  it("names a language, fixed or the user's own", async () => {
    assert.equal((await told(SIGN_IN, { locale: "en" })).body?.["locale"], "en");
    const locale: Options["locale"] = ({ user }) => (user.name === "Болд" ? "mn" : "en");
    assert.equal((await told(SIGN_IN, { locale })).body?.["locale"], "mn");
    assert.equal((await told(SIGN_IN, { locale: () => null })).body?.["locale"], undefined);
    assert.equal((await told(SIGN_IN, { locale: async () => "mn" })).body?.["locale"], "mn");
  });

  it("has a key that API Gateway and the service take", async () => {
    const { headers } = await told(SIGN_IN);
    assert.match(String(headers?.["idempotency-key"]), /^[\x21-\x7e]{1,255}$/);
  });

  it("is not suppressed by text that the service refuses", async () => {
    const broken = "a\ud800bc\u0000d\u2028";
    const { body } = await told(
      { ...SIGN_IN, user: { ...SIGN_IN.user, name: broken + "😀".repeat(150) } },
      { request: { get: () => broken + "x".repeat(2000) + ", 203.0.113.7" } },
    );
    const name = String(body?.["name"]);
    assert.ok(name.startsWith("abc d 😀") && name.length <= 200 && name.isWellFormed());
    assert.equal(String(body?.["ipAddress"]).length, 512);
    assert.ok(String(body?.["ipAddress"]).endsWith(", 203.0.113.7"));
    assert.equal(body?.["userAgent"], `abc d ${"x".repeat(1024)}`.slice(0, 1023));
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
    "is read from headers of any case": [
      { headers: { "X-Forwarded-For": "203.0.113.7", "USER-AGENT": "Firefox" } },
      seen,
    ],
    "is read from pairs": [
      [
        ["X-Forwarded-For", "203.0.113.7"],
        ["User-Agent", "Firefox"],
      ],
      seen,
    ],
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
