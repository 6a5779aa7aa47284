import { Command } from "commander";
import { migrateQueue } from "../work/backend.js";
import { migrate } from "../store/migrate.js";
import { commandLog, loadConfig, withDatabase } from "./open.js";

export function migrateCommand(): Command {
  return new Command("migrate")
    .description("migrate the database to the schema of this version; safe to run from several processes at once")
    .action(async () => {
      const config = await loadConfig();
      await withDatabase(
        config,
        async (_store, url, where) => {
          const { applied } = await migrate(url, { log: commandLog() });
          // BullMQ's own schema, used when the queues are in PostgreSQL.
          if (!config.redisUrl) await migrateQueue(url);
          const state = `${where[0]?.toUpperCase()}${where.slice(1)}`;
          process.stdout.write(
            applied.length === 0
              ? `${state} is up to date.\n`
              : `${state} is up to date now: applied ${applied.join(", ")}.\n`,
          );
        },
        { create: true },
      );
    });
}
