/**
 * Tells signin-notifier of sign-ins from Auth.js (v5) and NextAuth (v4).
 *
 * No dependencies; may be copied into a project as it is. Needs Node 20 or newer, or an edge
 * runtime.
 */

/** What Auth.js hands to `events.signIn`; both versions agree on these fields. */
export interface SignIn {
  user: { id?: unknown; name?: string | null; email?: string | null };
  account?: { provider: string; type: string; providerAccountId: string } | null;
  profile?: unknown;
  isNewUser?: boolean;
}

/** The headers of `fetch`, of Next's `headers()`, of Node or Lambda, or pairs of name and value. */
export type HeaderSource =
  | { get(name: string): string | null }
  | Record<string, string | string[] | undefined>
  | ReadonlyArray<readonly [string, string]>;

/** A request of `fetch`, Next, Node or Express, or its headers alone. */
export type RequestSource =
  | HeaderSource
  | { headers: HeaderSource; socket?: { remoteAddress?: string | undefined } };

export interface Options {
  /** The service's address, without the path. While it or the key is missing, nothing is sent. */
  url: string | URL | undefined;
  /** The producer key. */
  key: string | undefined;
  /** Which sign-ins to tell; without it, all. If it throws, the sign-in is told. */
  when?: (signIn: SignIn) => boolean | Promise<boolean>;
  /** Where the IP address and the user agent are read, or a function that gets it. */
  request?: RequestSource | (() => RequestSource | Promise<RequestSource>);
  /** The language of the mail, or a function that knows it; the service has a default. */
  locale?: string | ((signIn: SignIn) => Language | Promise<Language>);
  /** Told why a notice was not sent, or not in full. The errors carry no personal data. */
  onError?: (error: NotifyError) => unknown;
  /** Keeps a serverless host awake after the answer; with it, a sign-in waits for nothing. */
  waitUntil?: (promise: Promise<void>) => unknown;
}

type Language = string | null | undefined;

/** Why a notice was not sent, or not in full. */
export class NotifyError extends Error {
  override name = "NotifyError";
  /** The HTTP status, if the service has answered. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

const PATH = "/api/jobs/signin-notification";
/** For everything: no sign-in waits longer. */
const BUDGET_MS = 1500;
/** For each of `request` and `locale`: whatever decorates the mail must not cost the notice. */
const DECORATION_MS = 500;
const PAUSE_MS = 100;

// Built from text, since TypeScript refuses these in a project whose target is ES5.
const CONTROL_CHARACTERS = new RegExp("[\\p{Cc}\\u2028\\u2029]+", "gu");
const LONE_SURROGATES = new RegExp("\\p{Cs}", "gu");

type Report = (error: NotifyError) => void;

/** Return a handler for `events.signIn`; the handler never throws. */
export function notifySignIn(options: Options): (signIn: SignIn) => Promise<void> {
  if (!options) throw new TypeError("notifySignIn needs its options: { url, key }");
  return async (signIn) => {
    const report = reporter(options);
    const done = within(BUDGET_MS, (signal) => notify(signIn, options, report, signal)).catch(
      (error: unknown) => {
        report(error instanceof NotifyError ? error : new NotifyError("the notice could not be made"));
      },
    );
    if (!options.waitUntil) return done;
    try {
      // Its own promise, if it makes one, must not become an unhandled rejection.
      Promise.resolve(options.waitUntil(done)).catch(() => {
        report(new NotifyError("waitUntil failed"));
      });
    } catch {
      report(new NotifyError("waitUntil failed"));
      return done;
    }
  };
}

async function notify(
  signIn: SignIn,
  options: Options,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { url, request, locale } = options;
  const key = options.key?.trim(); // a secret that is read from a file may end with a line break
  if (!url || !key) throw new NotifyError("url and key are not both set");
  if (!globalThis.fetch || !globalThis.crypto) throw new NotifyError("fetch or crypto is missing here");
  const address = endpoint(url, key);
  // First of all, and not awaited yet: Next forgets the request after the answer.
  const seen = decoration("request", report, () => origin(request));
  if (!(await wanted(signIn, options, report))) return;
  const { email, name } = signIn.user;
  if (!isGiven(email)) throw new NotifyError("the user has no e-mail address");
  const language = decoration("locale", report, async () =>
    typeof locale === "function" ? locale(signIn) : locale,
  );
  const notice = {
    // Who it was is told as it is: changed by one character, it may be somebody else.
    userId: userId(signIn),
    email,
    name: text(name, 200),
    provider: text(signIn.account?.provider, 64) ?? "unknown",
    locale: text(await language, 35),
    ...(await seen),
  };
  if (`${notice.userId} ${email}`.search(LONE_SURROGATES) >= 0) {
    throw new NotifyError("the user's id or e-mail address is not valid Unicode");
  }
  await post(address, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/json",
      // One for this sign-in: a repeat of a request that was accepted makes no second mail.
      "Idempotency-Key": crypto.randomUUID(),
    },
    // A bare U+FFFD is what becomes of broken bytes on their way, so the service refuses it.
    body: JSON.stringify(notice).replace(/\uFFFD/g, "\\ufffd"),
    redirect: "manual", // the key is for nobody else
    signal,
  });
}

/** Return where to post to, or fail without a word of the address or the key. */
function endpoint(url: string | URL, key: string): string {
  try {
    const base = new URL(url);
    const isMore = base.username + base.password + base.search + base.hash !== "";
    if (/^https?:$/.test(base.protocol) && !isMore && /^[\x21-\x7e]+$/.test(key)) {
      return base.origin + base.pathname.replace(/\/+$/, "") + PATH;
    }
  } catch {
    // The error quotes the address.
  }
  throw new NotifyError("url or key is not valid");
}

/** Post, once more if the first outcome is unknown or the service was not able to. */
async function post(url: string, request: RequestInit, isRepeat = false): Promise<void> {
  let failure: NotifyError;
  try {
    // The body is left unread: a short one is in the runtime's buffer, so that its connection
    // serves again, and the timer cuts off a long one.
    const { status } = await fetch(url, request);
    if (status === 202 || status === 409) return; // 409: it came before and was accepted
    failure = new NotifyError(`the service answered ${status}`, status);
  } catch (error) {
    failure = new NotifyError(`the service could not be reached${code(error)}`);
  }
  if (isRepeat || request.signal?.aborted || (failure.status ?? 500) < 500) throw failure;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  return post(url, request, true);
}

/** Do the work, or fail once the time is over, whatever the work waits for. */
function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = new AbortController();
    const timer: unknown = setTimeout(() => {
      reject(new NotifyError(`not done within ${ms} ms`));
      abort.abort();
    }, ms);
    // The timer stays, for an answer that does not end, but keeps no process alive.
    const leave = (): void => (timer as { unref?: () => void }).unref?.();
    work(abort.signal).then(resolve, reject).finally(leave);
  });
}

/** Return what only decorates the mail, or, if it fails or takes long, nothing. */
function decoration<T>(what: string, report: Report, get: () => Promise<T>): Promise<T | undefined> {
  return within(DECORATION_MS, get).catch((error: unknown) => {
    const why = error instanceof NotifyError ? error.message : "failed";
    report(new NotifyError(`${what} ${why}; the notice is sent without it`));
    return undefined;
  });
}

async function wanted(signIn: SignIn, { when }: Options, report: Report): Promise<boolean> {
  try {
    return when ? await when(signIn) : true;
  } catch {
    report(new NotifyError("when failed; the notice is sent"));
    return true;
  }
}

/**
 * Return an id that is the same at the user's next sign-in.
 *
 * Without an adapter Auth.js v5 makes up a new `user.id` at every sign-in. Only an adapter's work
 * tells whether the user is new; `authorize` of a credentials provider brings an id of its own.
 */
function userId({ user, account, isNewUser }: SignIn): string {
  const own = isGiven(user.id) ? String(user.id) : undefined;
  const id = account?.providerAccountId;
  const atProvider = account && isGiven(id) ? `${account.provider}:${id}` : undefined;
  const madeUp = account?.type !== "credentials" && isNewUser === undefined;
  return (madeUp ? atProvider : own) ?? own ?? atProvider ?? `${account?.provider}:${user.email}`;
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && String(value).trim() !== "";
}

/** Return where a request came from, as far as it tells. */
async function origin(given: Options["request"]) {
  const source = typeof given === "function" ? await given() : given;
  if (!source) return {};
  const request = source as { headers?: unknown; socket?: { remoteAddress?: string } };
  // Among bare headers, one of this name is text.
  const headers = (typeof request.headers === "object" ? request.headers : source) as HeaderSource;
  const address =
    header(headers, "x-forwarded-for") ||
    header(headers, "x-real-ip") ||
    request.socket?.remoteAddress;
  return {
    // The person who signs in may put anything on the left; proxies add on the right.
    ipAddress: text(address?.slice(-512)),
    userAgent: text(header(headers, "user-agent"), 1024),
  };
}

/** Return a header whose name may be written in any case, its lines joined. */
function header(headers: HeaderSource, name: string): string | undefined {
  if ("get" in headers && typeof headers.get === "function") return headers.get(name) ?? undefined;
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  const lines = pairs.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
  return lines.flat().join(", ") || undefined;
}

/**
 * Return a value that decorates the mail as text, cut at `length`; undefined if nothing is left.
 *
 * The service refuses control characters and lone surrogates, and nobody may use them to suppress
 * a notice.
 */
function text(value: unknown, length = Infinity): string | undefined {
  if (value === null || value === undefined) return undefined;
  const line = String(value).replace(CONTROL_CHARACTERS, " ").slice(0, length);
  return line.replace(LONE_SURROGATES, "").trim() || undefined;
}

/** Return ` (ECONNREFUSED)`, which holds no personal data, and nothing of all else. */
function code(error: unknown): string {
  const name = (error as { cause?: { code?: unknown } } | undefined)?.cause?.code;
  return typeof name === "string" && /^[A-Z_]{1,40}$/.test(name) ? ` (${name})` : "";
}

/** Return what calls `onError`, and lets nothing out of it. */
function reporter({ onError }: Options): Report {
  return async (error) => {
    try {
      await onError?.(error);
    } catch {
      // Whoever reports errors has no one to report this one to.
    }
  };
}
