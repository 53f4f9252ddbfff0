/** Login pages: real applications of Auth.js 5 and of NextAuth 4, over HTTP. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";

import { Auth, type AuthConfig } from "@auth/core";
import Credentials from "@auth/core/providers/credentials";
import type { NextApiRequest, NextApiResponse } from "./next_api.ts";
import type { NextAuthOptions } from "next-auth";
import { notifySignIn, type Options } from "signin-notifier-authjs";

import { listen, read, type Running } from "./server.ts";
import { provider } from "./provider.ts";

const require = createRequire(import.meta.url);
const SECRET = "only-for-tests";
export const PASSWORD = "correct horse";

/** What a login page of the tests is made of. */
export interface Setup {
  /** Without it, nobody is notified: what a sign-in takes by itself. */
  notifier?: Omit<Options, "request">;
  providerUrl?: string;
  adapter?: unknown;
}

/** Whoever knows the password is who they say they are. */
function authorize(given: Record<string, unknown> | undefined) {
  if (given?.["password"] !== PASSWORD) return null;
  return { id: String(given["id"]), email: String(given["email"]), name: String(given["name"]) };
}

/** Auth.js 5, as SvelteKit, Express, Next and all others embed it. */
export function startAuthJs(setup: Setup): Promise<Running> {
  return listen((incoming, outgoing) => {
    void (async () => {
      const request = await toRequest(incoming);
      const config: AuthConfig = {
        secret: SECRET,
        trustHost: true,
        basePath: "/api/auth",
        logger: { error() {}, warn() {} },
        providers: [
          Credentials({ authorize }),
          ...(setup.providerUrl ? [{ ...provider(setup.providerUrl), checks: ["pkce" as const] }] : []),
        ],
        session: { strategy: "jwt" },
        ...(setup.notifier ? { events: { signIn: notifySignIn({ ...setup.notifier, request }) } } : {}),
      };
      if (setup.adapter) config.adapter = setup.adapter as NonNullable<AuthConfig["adapter"]>;
      await toResponse(await Auth(request, config), outgoing);
    })();
  });
}

/** NextAuth 4 behind its handler for Next's `pages/api/auth/[...nextauth].ts`. */
export function startNextAuth(setup: Setup): Promise<Running> {
  process.env["AUTH_TRUST_HOST"] = "1"; // instead of NEXTAUTH_URL, since the port is known later
  const NextAuth = require("next-auth").default;
  const credentials = require("next-auth/providers/credentials").default;
  return listen((incoming, outgoing) => {
    void (async () => {
      const request = await toApiRequest(incoming);
      const options: NextAuthOptions = {
        secret: SECRET,
        logger: { error() {}, warn() {} },
        providers: [
          credentials({ credentials: { email: {} }, authorize }),
          ...(setup.providerUrl ? [{ ...provider(setup.providerUrl), checks: ["state" as const] }] : []),
        ],
        session: { strategy: "jwt" },
        ...(setup.notifier ? { events: { signIn: notifySignIn({ ...setup.notifier, request }) } } : {}),
      };
      await NextAuth(request, toApiResponse(outgoing), options);
    })();
  });
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const hasBody = incoming.method === "POST";
  return new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method!,
    headers: incoming.headers as Record<string, string>,
    body: hasBody ? await read(incoming) : null,
  });
}

async function toResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  outgoing.end(await response.text());
}

async function toApiRequest(incoming: IncomingMessage): Promise<NextApiRequest> {
  const url = new URL(incoming.url!, "http://localhost");
  incoming.headers["x-forwarded-proto"] ??= "http"; // so does Next
  const cookies = (incoming.headers.cookie ?? "").split("; ").map((pair) => pair.split("="));
  return Object.assign(incoming, {
    query: {
      ...Object.fromEntries(url.searchParams),
      nextauth: url.pathname.replace("/api/auth/", "").split("/"),
    },
    cookies: Object.fromEntries(
      cookies.map(([name, value]) => [name, decodeURIComponent(value ?? "")]),
    ),
    body: Object.fromEntries(new URLSearchParams(await read(incoming))),
  });
}

function toApiResponse(outgoing: ServerResponse): NextApiResponse {
  const response: NextApiResponse = Object.assign(outgoing, {
    status: (status: number) => Object.assign(response, { statusCode: status }),
    json: (body: unknown) => response.setHeader("Content-Type", "application/json").end(JSON.stringify(body)),
    send: (body: unknown) => response.end(typeof body === "object" ? JSON.stringify(body) : body),
  });
  return response;
}
