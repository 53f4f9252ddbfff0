/** What the READMEs show in TypeScript compiles, with the package and in both versions of Auth.js. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

const HERE = join(import.meta.dirname, "..");
const TSC = join(HERE, "node_modules", "typescript", "bin", "tsc");
const OPTIONS = "--noEmit --strict --skipLibCheck --module nodenext --target es2022 --types node";
const CONFIGURATIONS = {
  "Auth.js 5": ["AuthConfig", "@auth/core"],
  "NextAuth 4": ["NextAuthOptions", "next-auth"],
};

/** Return the blocks of a page, each as its imports and the part of a configuration below them. */
const shown = async (page: string): Promise<{ imports: string; part: string }[]> => {
  const blocks = (await readFile(page, "utf8")).matchAll(/^```(?:ts|js)\n([^]*?)^```$/gm);
  return [...blocks].map(([, code = ""]) => {
    const lines = code.split("\n");
    const isImport = (line: string) => line.startsWith("import ");
    return {
      imports: lines.filter(isImport).join("\n"),
      part: lines.filter((line) => !isImport(line)).join("\n"),
    };
  });
};

describe("what is shown in", () => {
  let project: string;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "readme-"));
    await writeFile(join(project, "package.json"), '{"type": "module"}');
    const installed = join(project, "node_modules");
    await mkdir(installed);
    for (const name of ["@auth", "@types", "next-auth"]) {
      await symlink(join(HERE, "node_modules", name), join(installed, name));
    }
    await symlink(HERE, join(installed, "signin-notifier-authjs"));
  });
  after(() => rm(project, { recursive: true }));

  for (const page of ["README.md", "../../README.md"]) {
    for (const [version, [type, from]] of Object.entries(CONFIGURATIONS)) {
      it(`${page} compiles with ${version}`, async () => {
        const blocks = await shown(join(HERE, page));
        assert.ok(blocks.length > 0);
        for (const { imports, part } of blocks) {
          const code = `${imports}\nimport type { ${type} } from "${from}";
export const options: ${type} = { providers: [], ${part} };\n`;
          await writeFile(join(project, "shown.ts"), code);
          const said = await promisify(execFile)(process.execPath, [TSC, ...OPTIONS.split(" "), "shown.ts"], {
            cwd: project,
          }).then(
            () => "",
            (error: { stdout: string }) => error.stdout,
          );
          assert.equal(said, "", code);
        }
      });
    }
  }
});
