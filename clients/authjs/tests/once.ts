/** A process that tells of one sign-in, `node once.ts URL`, and then says what keeps it alive. */

import { notifySignIn } from "signin-notifier-authjs";

import { SIGN_IN } from "./told.ts";

await notifySignIn({ url: process.argv[2], key: "a-key", onError: console.error })(SIGN_IN);
console.log(JSON.stringify(process.getActiveResourcesInfo()));
