/** A process of its own that applies one effect of the setting and, where it is told, ends itself in the middle. */
import { z } from "zod";
import { effectSchema } from "../../src/effects/effect.js";
import { createEffectLedger } from "../../src/effects/ledger-writer.js";
import { openStore } from "../../src/store/store.js";
import { parseJson } from "../../src/unchecked.js";
import { CONTEXT, gatewayTo } from "./setting.js";

const Task = z.object({
  databaseUrl: z.string(),
  github: z.object({ url: z.string(), graphqlUrl: z.string(), appId: z.number(), privateKey: z.string() }),
  installationId: z.coerce.bigint(),
  effect: effectSchema,
  killAt: z.enum(["afterIntent", "afterCall"]).nullable(),
});

const task = Task.parse(parseJson(process.argv[2] ?? ""));
const store = openStore({ url: task.databaseUrl, poolSize: 2, applicationName: "effects-process" });
const kill = (): Promise<void> => {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
};
const hooks = task.killAt === null ? {} : { [task.killAt]: kill };
const writer = createEffectLedger({ store, github: gatewayTo(task.github), hooks }).writer(task.installationId);
const [result] = await writer.apply([task.effect], CONTEXT);
console.log(result?.status);
await store.close();
