/** A process of its own that takes a selection back and, where it is told, ends itself in the middle. */
import { z } from "zod";
import { createEffectLedger } from "../../src/effects/ledger-writer.js";
import { undoRequest, undoSome } from "../../src/jobs/undo.js";
import { openStore } from "../../src/store/store.js";
import { parseJson } from "../../src/unchecked.js";
import { CONTEXT, gatewayTo } from "./setting.js";

const Task = z.object({
  databaseUrl: z.string(),
  github: z.object({ url: z.string(), graphqlUrl: z.string(), appId: z.number(), privateKey: z.string() }),
  request: undoRequest,
  /** After so many hooks of the kind the process ends; null: it goes on to the end. */
  killAt: z.object({ hook: z.enum(["afterIntent", "afterCall"]), count: z.int() }).nullable(),
});

const task = Task.parse(parseJson(process.argv[2] ?? ""));
const store = openStore({ url: task.databaseUrl, poolSize: 2, applicationName: "undo-process" });
let left = task.killAt?.count ?? 0;
const kill = (): Promise<void> => {
  left -= 1;
  if (left > 0) return Promise.resolve();
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
};
const hooks = task.killAt === null ? {} : { [task.killAt.hook]: kill };
const writer = createEffectLedger({ store, github: gatewayTo(task.github), hooks }).writer(
  BigInt(task.request.installationId),
);
const { signal } = new AbortController();
while ((await undoSome({ store, writer, context: CONTEXT, signal }, task.request, 500)) > 0);
await store.close();
