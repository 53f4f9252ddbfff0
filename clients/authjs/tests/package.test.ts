/** The package as older projects compile and load it, and the one file in their sources. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

const HERE = join(import.meta.dirname, "..");
const TSC = join(HERE, "node_modules", "typescript", "bin", "tsc");
const COMMON = "--noEmit --strict --skipLibCheck --lib dom,esnext".split(" ");

/** Return what Node says, whether it goes well or not. */
const node = async (cwd: string, args: string[]): Promise<string> =>
  promisify(execFile)(process.execPath, args, { cwd }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );

describe("a project", () => {
  let project: string;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "authjs-"));
    const installed = join(project, "node_modules", "signin-notifier-authjs");
    await cp(join(HERE, "dist"), join(installed, "dist"), { recursive: true });
    await cp(join(HERE, "package.json"), join(installed, "package.json"));
    await cp(join(HERE, "src", "index.ts"), join(project, "copied.ts"));
    const use = 'notifySignIn({ url: "http://localhost", key: "a-key" });\n';
    for (const [name, from] of Object.entries({ uses: "signin-notifier-authjs", "uses-copy": "./copied" })) {
      await writeFile(join(project, `${name}.ts`), `import { notifySignIn } from "${from}";\n${use}`);
    }
  });
  after(() => rm(project, { recursive: true }));

  const compiled = {
    "of an older Next resolves the package": "--module esnext --moduleResolution node uses.ts",
    "in CommonJS resolves the package": "--module nodenext uses.ts",
    "of an old target and great strictness takes the copied file":
      "--target es5 --module esnext --moduleResolution node --isolatedModules " +
      "--noPropertyAccessFromIndexSignature --noUncheckedIndexedAccess --noImplicitReturns " +
      "--noUnusedLocals --noUnusedParameters uses-copy.ts",
  };
  for (const [what, options] of Object.entries(compiled)) {
    it(what, async () => {
      assert.equal(await node(project, [TSC, ...COMMON, ...options.split(" ")]), "");
    });
  }

  it("in CommonJS requires the package", async () => {
    const print = 'console.log(typeof require("signin-notifier-authjs").notifySignIn)';
    assert.equal(await node(project, ["--eval", print]), "function\n");
  });
});
