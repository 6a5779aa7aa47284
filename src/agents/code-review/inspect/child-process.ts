import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PausedError } from "../../../errors.js";
import { packageFile } from "../../../package-file.js";
import { FairLimit, type FairLimitOptions } from "./fair-limit.js";
import type { Inspected, Inspector } from "./inspector.js";
import { inspectionPart, OUT_OF_TIME, unread, type Inspection, type InspectRequest } from "./protocol.js";
import { versionOfInspection } from "./version.js";

export interface InspectorLimits {
  /** The processor time for one file (ms): on a busy machine a file takes longer, and is no slower. */
  readonly fileMs: number;
  /** The longest text, in characters, that is parsed. */
  readonly maxLength: number;
}

/** Concurrent parsers in this process, and the part of them for one installation, so that others always have one. */
const PARSERS: FairLimitOptions = { size: 2, perOwner: 1 };
/** The time by the clock that a file may take, as a multiple of its processor time: a process that waits is ended too. */
const WALL_TIMES = 12;
/** The owner of requests without an owner. */
const NO_OWNER = "";

/**
 * An inspector in separate processes: a parser is native code, which a thread cannot interrupt and a hostile text may
 * crash. A process starts at the first file with an empty environment, and is killed when a file takes too long; its
 * findings up to then count. A review inspects its files one by one. After `close` no process is started.
 */
export function openInspector(
  limits: InspectorLimits = { fileMs: 5_000, maxLength: 1_000_000 },
  parsers: FairLimitOptions = PARSERS,
): Inspector {
  const turns = new FairLimit(parsers);
  const idle: ChildProcess[] = [];
  const alive = new Set<ChildProcess>();
  let closed: PausedError | null = null;
  const drop = async (child: ChildProcess) => {
    alive.delete(child);
    await kill(child);
  };
  const take = async (): Promise<ChildProcess> => {
    const child = idle.pop() ?? (await start(limits.fileMs));
    alive.add(child);
    if (!closed) return child;
    await drop(child);
    throw closed;
  };
  const ask = async (request: InspectRequest): Promise<Inspected> => {
    const { text, baseText } = request.file;
    const tooLong = [text, baseText].some((side) => side !== null && side.length > limits.maxLength);
    if (tooLong) return { answer: unread(`longer than ${limits.maxLength} characters`), tookMs: 0 };
    const child = await take();
    const answer = await answerOf(child, request, limits.fileMs);
    // A file that is cut short by the end of the process is not at fault.
    if (closed) throw closed;
    if ("answer" in answer) {
      idle.push(child);
      return { answer: answer.answer, tookMs: answer.cpuMs };
    }
    await drop(child);
    return { answer: incomplete(answer), tookMs: limits.fileMs };
  };
  return {
    version: versionOfInspection(),
    inspect: (request, owner = NO_OWNER) => turns.run(owner, () => ask(request)),
    async close() {
      closed ??= new PausedError("unknown", "the parsers are closed, because the process is stopping", new Date(0));
      turns.close(closed);
      await Promise.all([...alive].map(drop));
    },
  };
}

/** When running from source, the child is the compiled script of `npm run build`. */
const SCRIPT = import.meta.url.endsWith(".ts")
  ? packageFile(".build/src/agents/code-review/inspect/child.js")
  : fileURLToPath(new URL("./child.js", import.meta.url));

async function start(fileMs: number): Promise<ChildProcess> {
  if (!existsSync(SCRIPT)) throw new Error(`the parsers did not start: ${SCRIPT} is missing; run 'npm run build'`);
  const child = fork(SCRIPT, [String(fileMs)], {
    env: {},
    execArgv: ["--max-old-space-size=512"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return await new Promise((resolve, reject) => {
    child.once("message", () => resolve(child));
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`the parsers did not start (${signal ?? code})`)));
  });
}

type Answer = { readonly answer: Inspection; readonly cpuMs: number } | Failure;

interface Failure {
  readonly problem: string;
  /** The process's last partial result, unchecked; null: none. */
  readonly soFar: unknown;
}

/** Secrets and simple rules come first, so that only later queries are missing. */
function incomplete({ problem, soFar }: Failure): Inspection {
  const known = inspectionPart.safeParse(soFar).data?.inspection;
  return known ? { ...known, problem: `${problem}, so rules about structure did not run` } : unread(problem);
}

function answerOf(child: ChildProcess, request: InspectRequest, limitMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    let soFar: unknown = null;
    const fail = (problem: string) => settle({ problem, soFar });
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      child.removeAllListeners("message").removeAllListeners("exit").removeAllListeners("error");
      child.on("error", () => undefined);
      resolve(answer);
    };
    const tooLong = `parsing took longer than ${limitMs} ms`;
    const timer = setTimeout(() => fail(tooLong), WALL_TIMES * limitMs);
    child.on("message", (message) => {
      if (!isLast(message)) return void (soFar = message);
      const { inspection, cpuMs } = inspectionPart.parse(message);
      settle({ answer: inspection, cpuMs });
    });
    child.once("exit", (_code, signal) => fail(signal === OUT_OF_TIME ? tooLong : "the parser crashed"));
    child.once("error", () => fail("the parser could not be reached"));
    child.send(
      { ...request, queries: JSON.stringify(request.queries) },
      (error) => error && fail("the parser could not be reached"),
    );
  });
}

function isLast(message: unknown): boolean {
  return inspectionPart.pick({ done: true }).parse(message).done;
}

function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
