import { Worker } from "node:worker_threads";
import { parseJson } from "../../../unchecked.js";
import { loadGrammars } from "./grammars.js";
import { inspectFile } from "./inspect-file.js";
import {
  type Inspection,
  type InspectionPart,
  type InspectRequest,
  unread,
  wireQueries,
  wireRequest,
} from "./protocol.js";

/** The process that parses: it is given a text and questions, and nothing else of ours. */
const grammars = loadGrammars();
const known = new Map<string, InspectRequest["queries"]>();
const MOST_KNOWN = 50;

process.on("message", (message) => {
  void answer(message)
    .catch((error: unknown) => unread(`the parser failed: ${error instanceof Error ? error.name : "unknown error"}`))
    .then((inspection) => send({ done: true, inspection }));
});
process.on("disconnect", () => process.exit(0));
// A parser that hangs hears of no disconnect: a thread of its own sees that the parent was killed.
new Worker(
  `const { ppid } = process; setInterval(() => { if (process.ppid !== ppid) process.kill(process.pid, "SIGKILL"); }, 1000);`,
  { eval: true, env: {}, execArgv: [] },
).unref();
process.send?.("ready");

async function answer(message: unknown): Promise<Inspection> {
  const request = wireRequest.parse(message);
  const soFar = (inspection: Inspection) => send({ done: false, inspection });
  return await inspectFile(grammars, { ...request, queries: queriesOf(request.queries) }, soFar);
}

/** Resolves once the message has left: native code that hangs afterwards cannot hold it back. */
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
