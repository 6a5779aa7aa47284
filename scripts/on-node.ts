import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { packageFile } from "../src/package-file.js";

/**
 * `tsx scripts/on-node.ts <major>`: proves on another version of Node that a clone installs, passes the unit tests and
 * plays the demo to its end. The registry has Node's binaries as
 * packages, one a platform.
 */
const [major = ""] = process.argv.slice(2);
if (!/^\d+$/.test(major)) {
  console.error("usage: tsx scripts/on-node.ts <major version of Node>");
  process.exit(64);
}

const folder = mkdtempSync(join(tmpdir(), `companyos-node-${major}-`));
try {
  const binaries = `node-${process.platform}-${process.arch}`;
  run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", `${binaries}@${major}`]);
  const bin = join(folder, "node_modules", binaries, "bin");
  const clone = join(folder, "clone");
  run("git", ["clone", "--quiet", packageFile("."), clone]);
  const env = { ...process.env, PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(delimiter) };
  run("node", ["--version"], { cwd: clone, env });
  run("npm", ["run", "demo", "--", "--exit"], { cwd: clone, env });
  run("npx", ["vitest", "run", "--config", "vitest.unit.config.ts"], { cwd: clone, env });
  console.log(`Node ${major}: installed, demo and unit tests passed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): void {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed with exit code ${status}`);
}
