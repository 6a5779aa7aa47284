import { spawn } from "node:child_process";
import { embeddedError } from "./error.js";
import { commandAs, type ServerUser } from "./server-user.js";

/** The result of a program: its exit code (null when a signal ended it) and its output. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** The app's own environment contains secrets that the server's processes must not see. */
const ENVIRONMENT =
  process.platform === "win32"
    ? {}
    : { env: { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" } };

/** Runs one of PostgreSQL's programs to its end, in the server's directory. */
export async function run(user: ServerUser, cwd: string, file: string, args: readonly string[]): Promise<Ran> {
  const command = commandAs(user, file, args);
  // The user namespace and the unprivileged user are entered before the directory; both have access to it by then.
  const child = spawn(command.file, command.args, {
    ...command.ids,
    ...ENVIRONMENT,
    // A new process group: Ctrl-C must reach only the app, which stops the server itself and lets initdb finish.
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
