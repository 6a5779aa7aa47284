import type { Config } from "../../config.js";
import { secretValues } from "../../config.js";
import { createDryRunWriter } from "../../effects/dry-run-writer.js";
import { createPayloadClient } from "../../github/payload-client.js";
import { createPayloadReader } from "../../github/payload-reader.js";
import { createLog } from "../../log.js";
import { type InlineEvent, runInline } from "./run-inline.js";

/** Runs a delivery without GitHub: reads come from its payload, writes are printed. */
export async function runDry(event: InlineEvent, config: Config): Promise<void> {
  const wouldDo: string[] = [];
  const needed = new Set<string>();
  const need = (what: string): void => void needed.add(what);
  await runInline(event, {
    config,
    clock: { now: () => new Date() },
    log: createLog({ level: "error", secrets: secretValues(), destination: process.stderr }),
    reader: () => createPayloadReader(event.payload, need),
    client: () => createPayloadClient(need),
    writer: (installationId, store) =>
      createDryRunWriter({ installationId, store, print: (text) => wouldDo.push(text) }),
    print(story) {
      process.stdout.write(`${story}\n${endingOf(wouldDo, [...needed])}`);
    },
  });
}

/** Lists the writes of the run. Work that needs GitHub was not run, so its writes are unknown. */
function endingOf(wouldDo: readonly string[], needed: readonly string[]): string {
  const writes = wouldDo.map((text) => `  ${text.replaceAll("\n", "\n  ")}\n`).join("");
  const shown = wouldDo.length === 0 ? "" : `Would be written to GitHub (dry run):\n${writes}`;
  if (needed.length > 0)
    return `${shown}Not run, because it reads from GitHub: ${needed.join(", ")}. Its writes are unknown.\n`;
  return shown === "" ? "Nothing would be written to GitHub.\n" : shown;
}
