import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const CACHE = join(import.meta.dirname, "../../../.cache/bench/npm");

/**
 * The folder of a published version, as npm gives it: fetched once, from the registry of npm's own configuration, its
 * integrity checked by npm. Throws with npm's words when that is impossible.
 */
export async function fetchPackage(name: string, version: string): Promise<string> {
  const folder = join(CACHE, `${name.replace("/", "+")}@${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const scratch = mkdtempSync(join(CACHE, "fetching-"));
  try {
    const packed = await run("npm", ["pack", "--silent", "--ignore-scripts", `${name}@${version}`], { cwd: scratch });
    const unpacked = join(scratch, "package");
    mkdirSync(unpacked);
    await run("tar", ["-xzf", packed.stdout.trim(), "-C", unpacked, "--strip-components=1"], { cwd: scratch });
    renameSync(unpacked, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}
