/** One application as a process of its own: `node app.ts authjs|nextauth`, settings in the environment. */

import { startAuthJs, startNextAuth } from "./apps.ts";
import { startProvider } from "./provider.ts";

const start = { authjs: startAuthJs, nextauth: startNextAuth }[process.argv[2] as "authjs" | "nextauth"];
const provider = await startProvider();
const app = await start({
  notifier: {
    url: process.env["SIGNIN_NOTIFIER_URL"],
    key: process.env["SIGNIN_NOTIFIER_KEY"],
    locale: "en",
    onError: console.error,
  },
  providerUrl: provider.url,
});
console.log(`Ready: ${app.url}`);
