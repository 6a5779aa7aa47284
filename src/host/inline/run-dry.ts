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
  await runInline(event, {
    config,
    clock: { now: () => new Date() },
    log: createLog({ level: "error", secrets: secretValues(), destination: process.stderr }),
    reader: () => createPayloadReader(event.payload),
    client: createPayloadClient,
    writer: (installationId, store) =>
      createDryRunWriter({ installationId, store, print: (text) => wouldDo.push(text) }),
    print(story) {
      process.stdout.write(story);
      process.stdout.write(
        wouldDo.length === 0
          ? "\nNothing would be written to GitHub.\n"
          : `\nWould be written to GitHub (dry run):\n${wouldDo.map((text) => `  ${text.replaceAll("\n", "\n  ")}\n`).join("")}`,
      );
    },
  });
}
