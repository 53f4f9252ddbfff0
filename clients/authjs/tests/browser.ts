/** A person's browser, as far as signing in needs one: cookies, redirects, forms. */

import { PASSWORD } from "./apps.ts";

export const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

export interface Person {
  id: string;
  email: string;
  name: string;
}

export class Browser {
  private readonly cookies = new Map<string, string>();
  private readonly auth: string;
  private readonly headers: Record<string, string>;

  constructor(appUrl: string, headers: Record<string, string> = {}) {
    this.auth = `${appUrl}/api/auth`;
    this.headers = { "User-Agent": AGENT, ...headers };
  }

  /** Sign in with the form of a credentials provider; return the session that it brings. */
  async signIn(person: Person, password: string = PASSWORD): Promise<unknown> {
    await this.submit(`${this.auth}/callback/credentials`, { ...person, password });
    return this.session();
  }

  /** Sign in by the button of an OAuth provider; return the session that it brings. */
  async signInBy(providerId: string): Promise<unknown> {
    const provider = await this.submit(`${this.auth}/signin/${providerId}`, {});
    const callback = await this.go(provider);
    await this.go(callback);
    return this.session();
  }

  async session(): Promise<unknown> {
    return (await this.fetch(`${this.auth}/session`)).json();
  }

  private async submit(url: string, fields: Record<string, string>): Promise<string> {
    const token = await (await this.fetch(`${this.auth}/csrf`)).json();
    const body = new URLSearchParams({ ...fields, csrfToken: token.csrfToken, callbackUrl: "/" });
    const answer = await this.fetch(url, { method: "POST", body });
    await answer.text();
    return answer.headers.get("location") ?? "";
  }

  private async go(url: string): Promise<string> {
    const answer = await this.fetch(url);
    await answer.text();
    return answer.headers.get("location") ?? "";
  }

  private async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: { ...this.headers, cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}
