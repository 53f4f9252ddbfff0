/** Compiled, never run: both versions of Auth.js take the handler as it is. */

import type { AuthConfig } from "@auth/core";
import type { NextAuthOptions } from "next-auth";
import { notifySignIn } from "signin-notifier-authjs";

const signIn = notifySignIn({
  url: process.env["SIGNIN_NOTIFIER_URL"],
  key: process.env["SIGNIN_NOTIFIER_KEY"],
  when: ({ isNewUser, account }) => !isNewUser && account?.provider !== "email",
});

export const five: AuthConfig = { providers: [], events: { signIn } };
export const four: NextAuthOptions = { providers: [], events: { signIn } };
