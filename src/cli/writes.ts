import { Command, InvalidArgumentError } from "commander";
import { pauseWrites, resumeWrites } from "../store/effects/switch.js";
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
          await withStore(loadConfig(), (store) => pauseWrites(store.sql, id ?? "everywhere", because));
          process.stdout.write(`Writes are paused${id === undefined ? " everywhere" : ` for installation ${id}`}.\n`);
        }),
    )
    .addCommand(
      new Command("resume")
        .description("allow writes again")
        .option(...installation)
        .action(async ({ installation: id }: { installation?: bigint }) => {
          await withStore(loadConfig(), (store) => resumeWrites(store.sql, id ?? "everywhere"));
          process.stdout.write(`Writes are allowed${id === undefined ? "" : ` for installation ${id}`}.\n`);
        }),
    );
}

function toId(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("An installation's id is a whole number.");
  return BigInt(text);
}
