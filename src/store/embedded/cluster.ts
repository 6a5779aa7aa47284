import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Binaries } from "./binaries.js";
import { embeddedError } from "./error.js";
import type { Place } from "./place.js";
import { run } from "./run.js";
import type { ServerUser } from "./server-user.js";

/** The one role of the embedded database and the name of its database. */
export const EMBEDDED_NAME = "companyos";

/**
 * pg_trgm asks the locale which characters are letters; with plain C only ASCII is. A system without C.UTF-8 uses plain
 * C.
 */
const CHARACTER_TYPES = ["C.UTF-8", "C"];

/**
 * Creates the cluster if it does not exist: UTF-8, times in UTC, one role with a generated password. It gets its final
 * name only when it is complete, so that a killed start leaves no partial cluster.
 */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  user: ServerUser,
  durable: boolean,
): Promise<void> {
  if (existsSync(place.cluster)) return;
  writePassword(place.password, user);
  const unfinished = `${place.cluster}.new`;
  let output = "";
  for (const ctype of CHARACTER_TYPES) {
    rmSync(unfinished, { recursive: true, force: true });
    const result = await run(
      user,
      place.server,
      binaries.initdb,
      initdbArguments(unfinished, place.password, ctype, durable),
    );
    if (result.code === 0) return renameSync(unfinished, place.cluster);
    output = result.output;
  }
  throw embeddedError(`initdb cannot create the embedded database in ${place.server}: ${output}`);
}

export function initdbArguments(
  directory: string,
  passwordFile: string,
  ctype: string,
  durable: boolean,
): readonly string[] {
  return [
    `--pgdata=${directory}`,
    `--username=${EMBEDDED_NAME}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Sorts by code point, with upper and lower case for every script, and needs no system locale.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    `--lc-ctype=${ctype}`,
    ...(durable ? [] : ["--no-sync"]),
    "--no-instructions",
  ];
}

/** @throws ConfigError when the password is lost, because no connection is possible without it. */
export function readPassword(place: Place): string {
  try {
    return readFileSync(place.password, "utf8").trim();
  } catch (error) {
    throw embeddedError(`the password of the embedded database cannot be read from ${place.password}`, error);
  }
}

function writePassword(path: string, user: ServerUser): void {
  rmSync(path, { force: true });
  writeFileSync(path, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  if (user.kind === "user") chownSync(path, user.uid, user.gid);
}
