import { Command } from "commander";
import { InvalidError } from "../errors.js";
import { plain } from "../reports/plain.js";
import { pausedSince } from "../health/paused-writes.js";
import { allowWrites } from "../jobs/resume-writes.js";
import { installationsWithBlocked } from "../store/effects/ledger.js";
import { pausedWrites, pauseWrites } from "../store/effects/switch.js";
import { knownInstallations } from "../store/health/own-facts.js";
import type { Store } from "../store/store.js";
import { toId } from "./installation-id.js";
import { loadConfig, withStore } from "./open.js";

async function statusOf({ sql }: Store): Promise<string> {
  const paused = await pausedWrites(sql);
  const waiting = await installationsWithBlocked(sql, null);
  const stateOf = (id: string | null): string => {
    const its = paused.find(({ installation }) => installation === id);
    return its ? pausedSince(its) : "not paused";
  };
  const lines = (await knownInstallations(sql)).map(({ id, account_login: account }) => {
    const effects = waiting.has(id) ? `; ${waiting.get(id)} effects wait` : "";
    return `installation ${id} (${account}): ${stateOf(String(id))}${effects}`;
  });
  return [`everywhere: ${stateOf(null)}`, ...lines].map((line) => `${plain(line)}\n`).join("");
}

/** The one switch that stops every write to GitHub. */
export function writesCommand(): Command {
  const installation = ["--installation <id>", "only this installation; default: everywhere", toId] as const;
  return new Command("writes")
    .description("stop or allow writes to GitHub; what is stopped is kept as 'blocked'")
    .addCommand(
      new Command("status")
        .description("tell where writes are paused, everywhere and for each installation, and what waits")
        .action(async () => {
          process.stdout.write(await withStore(await loadConfig(), statusOf));
        }),
    )
    .addCommand(
      new Command("pause")
        .description("stop every write at once")
        .option(...installation)
        .option("--reason <reason>", "told by status, health and doctor", "an operator paused writes")
        .action(async ({ installation: id, reason }: { installation?: bigint; reason: string }) => {
          const found = await withStore(await loadConfig(), (store) =>
            pauseWrites(store.sql, id ?? "everywhere", reason),
          );
          if (!found) throw new InvalidError(`there is no installation ${id}; nothing is stopped`);
          process.stdout.write(`Writes are paused${id === undefined ? " everywhere" : ` for installation ${id}`}.\n`);
        }),
    )
    .addCommand(
      new Command("resume")
        .description("allow writes again, and do what was stopped")
        .option(...installation)
        .action(async ({ installation: id }: { installation?: bigint }) => {
          const waiting = await withStore(await loadConfig(), (store) =>
            allowWrites(store, id ?? "everywhere", new Date()),
          );
          process.stdout.write(`Writes are allowed${id === undefined ? "" : ` for installation ${id}`}.\n`);
          for (const [installation, effects] of waiting)
            process.stdout.write(
              `Installation ${installation}: ${effects} effects waited; a running server writes them.\n`,
            );
        }),
    );
}
