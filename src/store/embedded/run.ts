import { spawn } from "node:child_process";
import { embeddedError } from "./error.js";
import { commandAs, type ServerUser } from "./server-user.js";

/** What a program left: its exit code (null when a signal ended it) and what it wrote. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** The app's own environment holds secrets that the server's children have no business with. */
const ENVIRONMENT =
  process.platform === "win32"
    ? {}
    : { env: { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" } };

/** Runs one of PostgreSQL's programs to its end, in the server's directory. */
export async function run(user: ServerUser, cwd: string, file: string, args: readonly string[]): Promise<Ran> {
  const command = commandAs(user, file, args);
  // A user namespace and an unprivileged user are entered before the directory is: both may enter it by then.
  const child = spawn(command.file, command.args, {
    ...command.ids,
    ...ENVIRONMENT,
    // Ctrl-C at a terminal is for us alone: we stop the server ourselves, and initdb makes whole files or none.
    detached: process.platform !== "win32",
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => chunks.push(text));
    child.once("error", (error) => reject(embeddedError(`${file} cannot be run`, error)));
    child.once("close", (code) => resolve({ code, output: chunks.join("").trim() }));
  });
}
