import { existsSync, lstatSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { embeddedError } from "./error.js";

/** The folders of the embedded database below DATA_DIR/postgres, as real paths, because PostgreSQL reports those. */
export interface Place {
  /** Owned by the user that runs the server (0700), with everything below. */
  readonly server: string;
  readonly cluster: string;
  readonly password: string;
  readonly log: string;
  /** Owned by the user that starts the app. */
  readonly lock: string;
  readonly leases: string;
}

/** @throws ConfigError when DATA_DIR cannot be created or written. */
export function makePlace(dataDir: string): Place {
  try {
    makeFolder(join(resolve(dataDir), "postgres"));
    const root = realpathSync(join(resolve(dataDir), "postgres"));
    const server = join(root, "server");
    for (const name of ["lock", "leases"]) mkdirSync(join(root, name), { recursive: true });
    mkdirSync(server, { recursive: true, mode: 0o700 });
    return {
      server,
      cluster: join(server, "cluster"),
      password: join(server, "password"),
      log: join(server, "server.log"),
      lock: join(root, "lock"),
      leases: join(root, "leases"),
    };
  } catch (error) {
    throw embeddedError(`DATA_DIR ${resolve(dataDir)} cannot be used`, error);
  }
}

/** Whether `dataDir` holds a database. Creates nothing; an unreadable folder counts as one. */
export function hasEmbedded(dataDir: string): boolean {
  try {
    lstatSync(join(resolve(dataDir), "postgres", "server", "cluster"));
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"));
  }
}

/** Not `recursive`: below /proc, Node would try forever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
