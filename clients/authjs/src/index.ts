/**
 * Tells signin-notifier of sign-ins from Auth.js (v5) and NextAuth (v4).
 *
 * No dependencies; may be copied into a project as it is. Needs `fetch` and `crypto.randomUUID`:
 * Node 20 or newer, or an edge runtime.
 */

/** What Auth.js hands to `events.signIn`; both versions agree on these fields. */
export interface SignIn {
  user: { id?: unknown; name?: string | null; email?: string | null };
  account?: { provider: string; type: string; providerAccountId: string } | null;
  profile?: unknown;
  isNewUser?: boolean;
}

/** The headers of `fetch`, of Next's `headers()`, or of Node. */
export type HeaderSource =
  | { get(name: string): string | null }
  | Record<string, string | string[] | undefined>;

/** A request of `fetch`, Next, Node or Express, or its headers alone. */
export type RequestSource =
  | HeaderSource
  | { headers: HeaderSource; socket?: { remoteAddress?: string | undefined } };

export interface Options {
  /** The service's address, without the path. While it or the key is missing, nothing is sent. */
  url: string | undefined;
  /** The producer key. */
  key: string | undefined;
  /** Which sign-ins to tell; without it, all. If it throws, the sign-in is told. */
  when?: (signIn: SignIn) => boolean | Promise<boolean>;
  /** Where the IP address and the user agent are read, or a function that gets it. */
  request?: RequestSource | (() => RequestSource | Promise<RequestSource>);
  /** The language of the mail, or a function that knows it; the service has a default. */
  locale?: string | ((signIn: SignIn) => string | null | undefined);
  /** Told why a notice was not sent, or not in full. The errors carry no personal data. */
  onError?: (error: NotifyError) => unknown;
  /** Keeps a serverless host awake after the answer; with it, a sign-in waits for nothing. */
  waitUntil?: (promise: Promise<void>) => unknown;
}

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
const PAUSE_MS = 100;
/** 409: the request came before and was accepted. */
const SUCCESS = [202, 409];

/** Return a handler for `events.signIn`; it never throws. */
export function notifySignIn(options: Options): (signIn: SignIn) => Promise<void> {
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
  report: (error: NotifyError) => void,
  signal: AbortSignal,
): Promise<void> {
  const { url, key } = options;
  if (!url || !key) throw new NotifyError("url and key are not both set");
  // First of all, and not awaited yet: Next forgets the request after the answer.
  const seen = origin(options.request).catch(() => {
    report(new NotifyError("the request could not be read; the notice is sent without it"));
    return {};
  });
  if (!(await wanted(signIn, options, report))) return;
  const email = text(signIn.user.email);
  if (!email) throw new NotifyError("the user has no e-mail address");
  const notice = {
    userId: userId(signIn),
    email,
    name: text(signIn.user.name, 200),
    provider: text(signIn.account?.provider, 64) ?? "unknown",
    locale: language(signIn, options, report),
    ...(await seen),
  };
  const request: RequestInit = {
    method: "POST",
    headers: {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/json",
      // One for this sign-in: a repeat of a request that was accepted makes no second mail.
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: JSON.stringify(notice),
    redirect: "manual", // the key is for nobody else
    signal,
  };
  await post(url.replace(/\/+$/, "") + PATH, request);
}

/** Post, once more if the first outcome is unknown or the service was not able to. */
async function post(url: string, request: RequestInit): Promise<void> {
  let failure = await attempt(url, request);
  const again = failure && (failure.status === undefined || failure.status >= 500);
  if (again && !request.signal?.aborted) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    failure = await attempt(url, request);
  }
  if (failure) throw failure;
}

async function attempt(url: string, request: RequestInit): Promise<NotifyError | undefined> {
  let response;
  try {
    response = await fetch(url, request);
  } catch (error) {
    return new NotifyError(`the service could not be reached${code(error)}`);
  }
  // Read, not awaited: the connection can serve again, and a body that never ends is cut off.
  response.arrayBuffer().catch(() => {});
  if (SUCCESS.includes(response.status)) return undefined;
  return new NotifyError(`the service answered ${response.status}`, response.status);
}

/** Do the work, or fail once the time is over, whatever the work waits for. */
function within(ms: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = new AbortController();
    const timer: unknown = setTimeout(() => {
      reject(new NotifyError(`not done within ${ms} ms`));
      abort.abort();
    }, ms);
    // The timer stays, for a body that is still being read, but keeps no process alive.
    const leave = (): void => (timer as { unref?: () => void }).unref?.();
    work(abort.signal).then(resolve, reject).finally(leave);
  });
}

async function wanted(
  signIn: SignIn,
  { when }: Options,
  report: (error: NotifyError) => void,
): Promise<boolean> {
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
  const own = text(user.id);
  const id = text(account?.providerAccountId);
  const atProvider = account && id ? `${account.provider}:${id}` : undefined;
  const madeUp = account?.type !== "credentials" && isNewUser === undefined;
  return (madeUp ? atProvider : own) ?? own ?? atProvider ?? `${account?.provider}:${user.email}`;
}

function language(
  signIn: SignIn,
  { locale }: Options,
  report: (error: NotifyError) => void,
): string | undefined {
  try {
    return text(typeof locale === "function" ? locale(signIn) : locale, 35);
  } catch {
    report(new NotifyError("locale failed; the notice is sent in the default language"));
    return undefined;
  }
}

/** Return where a request came from, as far as it tells. */
async function origin(
  given: Options["request"],
): Promise<{ ipAddress?: string | undefined; userAgent?: string | undefined }> {
  const source = typeof given === "function" ? await given() : given;
  if (!source) return {};
  const isRequest = "headers" in source && typeof source.headers === "object";
  const headers = (isRequest ? source.headers : source) as HeaderSource;
  const socket = isRequest && "socket" in source ? (source.socket as Socket) : undefined;
  const address =
    header(headers, "x-forwarded-for") || header(headers, "x-real-ip") || socket?.remoteAddress;
  return {
    // The person who signs in may put anything on the left; proxies add on the right.
    ipAddress: text(address?.slice(-512)),
    userAgent: text(header(headers, "user-agent"), 1024),
  };
}

type Socket = { remoteAddress?: string } | undefined;

function header(headers: HeaderSource, name: string): string | undefined {
  const value = typeof headers.get === "function" ? headers.get(name) : Reflect.get(headers, name);
  return Array.isArray(value) ? value.join(", ") : (value ?? undefined);
}

/**
 * Return a value as text that the service takes, cut at `length`; undefined if nothing is left.
 *
 * The service refuses control characters, lone surrogates and U+FFFD, and nobody may use them to
 * suppress a notice.
 */
function text(value: unknown, length = Infinity): string | undefined {
  if (value === null || value === undefined) return undefined;
  const whole = String(value).replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  return whole.slice(0, length).replace(/[\p{Cs}\uFFFD]/gu, "").trim() || undefined;
}

/** Return ` (ECONNREFUSED)`, which holds no personal data, and nothing of all else. */
function code(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === "string" && /^[A-Z_]{1,40}$/.test(cause.code) ? ` (${cause.code})` : "";
}

/** Return what calls `onError`, and lets nothing out of it. */
function reporter({ onError }: Options): (error: NotifyError) => void {
  return (error) => {
    try {
      Promise.resolve(onError?.(error)).catch(() => {});
    } catch {
      // Whoever reports errors has no one to report this one to.
    }
  };
}
