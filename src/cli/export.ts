import { Command } from "commander";
import { exportTenant } from "../store/export-tenant.js";
import { assertInstallation } from "../store/tenants/assert-installation.js";
import { toId } from "./installations.js";
import { loadConfig, withStore } from "./open.js";
import { print } from "./output.js";
import { recordCommand } from "./record-act.js";

export function exportCommand(): Command {
  return new Command("export")
    .description("print every row of an installation as JSON lines: {table, row}")
    .requiredOption("--installation <id>", "the installation's id", toId)
    .action(async ({ installation }: { installation: bigint }) => {
      const rows = await withStore(await loadConfig(), async (store) => {
        const act = { installationId: installation, action: "data.export", target: "all rows" } as const;
        let recorded: Promise<void> | null = null;
        const printed = await exportTenant(store, installation, async (line) => {
          await (recorded ??= recordCommand(store.sql, act));
          await print(`${line}\n`);
        });
        // Rows of an uninstalled installation exist until its grace period ends.
        if (printed === 0) await assertInstallation(store.sql, installation);
        return printed;
      });
      process.stderr.write(`${rows} rows of installation ${installation}.\n`);
    });
}
