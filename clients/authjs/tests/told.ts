/** One sign-in, and what became of its notice. */

import { notifySignIn, type NotifyError, type Options, type SignIn } from "signin-notifier-authjs";

import { answer, Service } from "./server.ts";

export const SIGN_IN: SignIn = {
  user: { id: "user-7", email: "bold@people.example", name: "Болд" },
  account: { provider: "github", type: "oauth", providerAccountId: "4711" },
  isNewUser: false,
};

/** Sign in against a service that accepts; return what it was sent, and what was reported. */
export async function told(signIn: SignIn, options: Partial<Options> = {}) {
  await using service = await Service.start(answer(202));
  const errors: NotifyError[] = [];
  await notifySignIn({
    url: service.url,
    key: "a-key",
    onError: (error) => errors.push(error),
    ...options,
  })(signIn);
  const [notice] = service.notices;
  return {
    body: notice?.body,
    text: notice?.text,
    headers: notice?.headers,
    errors: errors.map(String),
  };
}
