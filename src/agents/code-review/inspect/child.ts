import { Worker } from "node:worker_threads";
import { parseJson } from "../../../unchecked.js";
import { loadGrammars } from "./grammars.js";
import { inspectFile } from "./inspect-file.js";
import {
  type Inspection,
  type InspectionPart,
  type InspectRequest,
  OUT_OF_TIME,
  unread,
  wireQueries,
  wireRequest,
} from "./protocol.js";

/** The parsing process. It receives a text and queries, and no other data of the app. */
const grammars = loadGrammars();
const known = new Map<string, InspectRequest["queries"]>();
const MOST_KNOWN = 50;

/** The processor time (ms) at which the present file began; negative: none is parsed. Shared with the thread below. */
const began = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)).fill(-1);
const limitMs = Number(process.argv[2]);

process.on("message", (message) => {
  began[0] = cpuMs();
  void answer(message)
    .catch((error: unknown) => unread(`the parser failed: ${error instanceof Error ? error.name : "unknown error"}`))
    .then((inspection) => {
      const part = { done: true, inspection, cpuMs: used() };
      began[0] = -1;
      return send(part);
    });
});
process.on("disconnect", () => process.exit(0));
// A hanging parser notices neither a disconnect nor its time limit, so a separate thread checks both.
new Worker(
  `const { workerData: { began, limitMs, signal } } = require("node:worker_threads");
  const { ppid } = process;
  setInterval(() => {
    const { user, system } = process.cpuUsage();
    if (began[0] >= 0 && (user + system) / 1000 - began[0] > limitMs) process.kill(process.pid, signal);
    if (process.ppid !== ppid) process.kill(process.pid, "SIGKILL");
  }, 100);`,
  { eval: true, env: {}, execArgv: [], workerData: { began, limitMs, signal: OUT_OF_TIME } },
).unref();
process.send?.("ready");

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function used(): number {
  return cpuMs() - (began[0] ?? 0);
}

async function answer(message: unknown): Promise<Inspection> {
  const request = wireRequest.parse(message);
  const soFar = (inspection: Inspection) => send({ done: false, inspection, cpuMs: used() });
  return await inspectFile(grammars, { ...request, queries: queriesOf(request.queries) }, soFar);
}

/** Resolves after the message was sent, so that native code that hangs afterwards cannot hold it back. */
function send(part: InspectionPart): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(part, () => resolve());
  });
}

function queriesOf(json: string): InspectRequest["queries"] {
  const read = known.get(json) ?? wireQueries.parse(parseJson(json));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(json, read);
  return read;
}
