import { Command } from "commander";
import { pauseWrites } from "../store/effects/switch.js";
import { InvalidError } from "../errors.js";
import { allowWrites } from "../jobs/resume-writes.js";
import { toId } from "./installation-id.js";
import { loadConfig, withStore } from "./open.js";

/** The one switch that stops every write to GitHub. */
export function writesCommand(): Command {
  const installation = ["--installation <id>", "only this installation; default: everywhere", toId] as const;
  return new Command("writes")
    .description("stop or allow writes to GitHub; what is stopped is kept as 'blocked'")
    .addCommand(
      new Command("pause")
        .description("stop every write at once")
        .option(...installation)
        .option("--because <reason>", "stored with what is blocked", "an operator paused writes")
        .action(async ({ installation: id, because }: { installation?: bigint; because: string }) => {
          const found = await withStore(loadConfig(), (store) => pauseWrites(store.sql, id ?? "everywhere", because));
          if (!found) throw new InvalidError(`there is no installation ${id}; nothing is stopped`);
          process.stdout.write(`Writes are paused${id === undefined ? " everywhere" : ` for installation ${id}`}.\n`);
        }),
    )
    .addCommand(
      new Command("resume")
        .description("allow writes again, and do what was stopped")
        .option(...installation)
        .action(async ({ installation: id }: { installation?: bigint }) => {
          const waiting = await withStore(loadConfig(), (store) => allowWrites(store, id ?? "everywhere", new Date()));
          process.stdout.write(`Writes are allowed${id === undefined ? "" : ` for installation ${id}`}.\n`);
          for (const [installation, effects] of waiting)
            process.stdout.write(
              `Installation ${installation}: ${effects} effects waited; a running server writes them.\n`,
            );
        }),
    );
}
