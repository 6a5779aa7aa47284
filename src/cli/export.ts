import { once } from "node:events";
import { Command, InvalidArgumentError } from "commander";
import { exportTenant } from "../store/export-tenant.js";
import { loadConfig, withStore } from "./open.js";

export function exportCommand(): Command {
  return new Command("export")
    .description("print every row of an installation as JSON lines: {table, row}")
    .requiredOption("--installation <id>", "the installation's id", (text: string) => {
      if (!/^\d+$/.test(text)) throw new InvalidArgumentError("An installation's id is a whole number.");
      return BigInt(text);
    })
    .action(async ({ installation }: { installation: bigint }) => {
      const rows = await withStore(loadConfig(), (store) =>
        exportTenant(store, installation, async (line) => {
          if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
        }),
      );
      process.stderr.write(`${rows} rows of installation ${installation}.\n`);
    });
}
