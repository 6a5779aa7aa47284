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

/** The parsing process. It receives a text and queries, and no other data of the app. */
const grammars = loadGrammars();
const known = new Map<string, InspectRequest["queries"]>();
const MOST_KNOWN = 50;

process.on("message", (message) => {
  void answer(message)
    .catch((error: unknown) => unread(`the parser failed: ${error instanceof Error ? error.name : "unknown error"}`))
    .then((inspection) => send({ done: true, inspection }));
});
process.on("disconnect", () => process.exit(0));
// A hanging parser does not notice a disconnect, so a separate thread checks that the parent is alive.
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
