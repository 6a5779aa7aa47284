import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What starts a real server: a database, Redis, a simulated GitHub. */
const REAL_PARTS = /support\/(?:database|redis|inbox|proxy)|startEmbedded|startGitHub/;

/** The unit tests: pure values, no server, seconds. They leave nothing behind, and share their modules. */
export const UNIT_FILES: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "src/*.test.ts"],
  { encoding: "utf8" },
)
  .split("\n")
  .filter((file) => file !== "" && !REAL_PARTS.test(readFileSync(file, "utf8")));
