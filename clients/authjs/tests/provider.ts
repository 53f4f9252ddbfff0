/** An OAuth 2.0 provider on loopback: whoever comes is its one user. */

import { listen, type Running } from "./server.ts";

export const PERSON = { id: 4711, name: "Сарнай", email: "sarnai@people.example" };

export function startProvider(): Promise<Running> {
  return listen((request, response) => {
    const url = new URL(request.url!, "http://localhost");
    const answer = (body: unknown): void => {
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case "/authorize": {
        const back = new URL(url.searchParams.get("redirect_uri")!);
        back.searchParams.set("code", "a-code");
        const state = url.searchParams.get("state");
        if (state) back.searchParams.set("state", state);
        response.writeHead(302, { Location: back.href }).end();
        return;
      }
      case "/token":
        answer({ access_token: "a-token", token_type: "bearer" });
        return;
      case "/userinfo":
        answer(PERSON);
        return;
      default:
        response.writeHead(404).end();
    }
  });
}

/** The provider as both versions of Auth.js are told of it. */
export function provider(url: string) {
  return {
    id: "steppe",
    name: "Steppe",
    type: "oauth" as const,
    clientId: "a-client",
    clientSecret: "a-secret",
    authorization: `${url}/authorize`,
    token: `${url}/token`,
    userinfo: `${url}/userinfo`,
    profile: (person: typeof PERSON) => ({
      id: String(person.id),
      name: person.name,
      email: person.email,
    }),
  };
}
