import { chownSync, lstatSync, readFileSync, readdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { embeddedError } from "./error.js";

/** The user that runs the server's programs. PostgreSQL refuses to run as root. */
export type ServerUser =
  | { readonly kind: "self" }
  | { readonly kind: "user"; readonly name: string; readonly uid: number; readonly gid: number }
  | { readonly kind: "namespace"; readonly uid: number };

/** A program, its arguments, and the ids for `spawn`. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/** The command run as that user. In a user namespace, root's own files appear as an ordinary user's. */
export function commandAs(user: ServerUser, file: string, args: readonly string[]): Command {
  switch (user.kind) {
    case "self":
      return { file, args, ids: {} };
    case "user":
      return { file, args, ids: { uid: user.uid, gid: user.gid } };
    case "namespace":
      return {
        file: "unshare",
        args: ["--user", `--map-user=${user.uid}`, `--map-group=${user.uid}`, "--", file, ...args],
        ids: {},
      };
  }
}

/**
 * Chooses the server's user and gives it the directory: the current user; for root the directory's owner, else the user
 * `postgres` if it can access both the directory and the programs (not below a 0700 folder), else an ordinary user in a
 * user namespace, else `nobody`.
 * @throws ConfigError when none of them works.
 */
export function chooseServerUser(directory: string, program: string): ServerUser {
  if (process.getuid?.() !== 0) return { kind: "self" };
  const refused: string[] = [];
  for (const user of candidates(lstatSync(directory))) {
    giveTo(directory, user, "itself");
    const problem = problemOf(user, directory, program);
    if (problem === undefined) {
      giveTo(directory, user, "all");
      return user;
    }
    refused.push(`${user.kind === "user" ? user.name : "a user namespace"}: ${problem}`);
  }
  throw embeddedError(
    `PostgreSQL refuses to run as root, and no other user can run it in ${directory} (${refused.join("; ")})`,
  );
}

function candidates(owner: { readonly uid: number; readonly gid: number }): readonly ServerUser[] {
  const accounts = readAccounts();
  const present =
    owner.uid === 0 ? [] : [{ kind: "user", name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid } as const];
  const named = (name: string) => accounts.filter((account) => account.name === name);
  // initdb looks its user up by id, so the namespace needs an id with a name.
  const mapped = accounts.find(({ uid }) => uid === 1000) ?? named("postgres")[0] ?? named("nobody")[0];
  return [...present, ...named("postgres"), { kind: "namespace", uid: mapped?.uid ?? 1000 }, ...named("nobody")];
}

function readAccounts(): readonly Extract<ServerUser, { kind: "user" }>[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .flatMap(([name, , uid, gid]) =>
      name && uid && gid ? [{ kind: "user", name, uid: Number(uid), gid: Number(gid) } as const] : [],
    );
}

/** In a namespace the files already appear as the ordinary user's, so they stay root's. */
function giveTo(path: string, user: ServerUser, depth: "itself" | "all"): void {
  const [uid, gid] = user.kind === "user" ? [user.uid, user.gid] : [0, 0];
  const found = lstatSync(path);
  if (found.uid !== uid || found.gid !== gid) chownSync(path, uid, gid);
  if (depth === "all" && found.isDirectory())
    for (const name of readdirSync(path)) giveTo(join(path, name), user, depth);
}

function problemOf(user: ServerUser, directory: string, program: string): string | undefined {
  const command = commandAs(user, "/bin/sh", [
    "-c",
    'cd "$1" && test -w . && exec "$2" --version',
    "sh",
    directory,
    program,
  ]);
  const result = spawnSync(command.file, command.args, { ...command.ids, encoding: "utf8", cwd: "/", timeout: 10_000 });
  if (result.status === 0) return undefined;
  return result.error?.message ?? (result.stderr.trim() || `exit code ${result.status}`);
}
