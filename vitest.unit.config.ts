import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** What starts a real server: a database, Redis, a simulated GitHub. `npm test` runs those as well. */
const REAL_PARTS = /support\/(?:database|redis|inbox|proxy)|startEmbedded|startGitHub/;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "src/*.test.ts"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && !REAL_PARTS.test(readFileSync(file, "utf8")));

/** The unit tests of `npm run check`: pure values, no server, seconds. */
// Some start the process that parses, which takes seconds on a busy machine: the patience of `npm test`.
// They share modules: without servers there is nothing to keep apart, and half of the time went into loading them again.
export default defineConfig({
  test: { include: files, maxWorkers: 2, isolate: false, globalSetup: ["test/support/build.ts"], testTimeout: 30_000 },
});
