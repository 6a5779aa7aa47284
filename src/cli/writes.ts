import { Command } from "commander";
import { InvalidError } from "../errors.js";
import { plain } from "../reports/plain.js";
import { pausedSince } from "../health/paused-writes.js";
import { allowWrites } from "../jobs/allow-writes.js";
import { installationsWithBlocked } from "../store/effects/ledger.js";
import { pausedWrites, pauseWrites } from "../store/effects/switch.js";
import { knownInstallations } from "../store/health/own-facts.js";
import type { Store } from "../store/store.js";
import { toId } from "./installations.js";
import { loadConfig, withStore } from "./open.js";
import { recordCommand } from "./record-act.js";

async function statusOf({ sql }: Store, _url: string, where: string): Promise<string> {
  const paused = await pausedWrites(sql);
  const waiting = await installationsWithBlocked(sql, null);
  const stateOf = (id: string | null): string => {
    const its = paused.find(({ installation }) => installation === id);
    return its ? pausedSince(its) : "not paused";
  };
  const lines = (await knownInstallations(sql)).map(({ id, account_login: account }) => {
    const effects = waiting.has(id) ? `; ${waiting.get(id)} blocked effects wait` : "";
    return `installation ${id} (${account}): ${stateOf(String(id))}${effects}`;
  });
  return [`writes to GitHub in ${where}`, `everywhere: ${stateOf(null)}`, ...lines]
    .map((line) => `${plain(line)}\n`)
    .join("");
}

/** The switch that pauses every write to GitHub. */
export function writesCommand(): Command {
  const installation = ["--installation <id>", "only this installation; default: all of them", toId] as const;
  const nameOf = (id: bigint | undefined): string => (id === undefined ? "everywhere" : `for installation ${id}`);
  return new Command("writes")
    .description("pause or resume all writes to GitHub; paused writes are kept as 'blocked' effects")
    .addCommand(
      new Command("status")
        .description("show where writes are paused, and how many blocked effects wait")
        .action(async () => {
          process.stdout.write(await withStore(await loadConfig(), statusOf));
        }),
    )
    .addCommand(
      new Command("pause")
        .description("pause all writes at once")
        .option(...installation)
        .option("--reason <reason>", "shown by status, health and doctor", "an operator paused writes")
        .action(async ({ installation: id, reason }: { installation?: bigint; reason: string }) => {
          await withStore(await loadConfig(), async ({ sql }, _url, where) => {
            const found = await pauseWrites(sql, id ?? "everywhere", reason);
            if (!found) throw new InvalidError(`No installation ${id} in ${where}; nothing was paused.`);
            await recordCommand(sql, { installationId: id ?? null, action: "writes.pause", target: reason });
            process.stdout.write(`Writes are paused ${nameOf(id)} in ${where}.\n`);
          });
        }),
    )
    .addCommand(
      new Command("resume")
        .description("resume writes, and perform the blocked effects")
        .option(...installation)
        .action(async ({ installation: id }: { installation?: bigint }) => {
          await withStore(await loadConfig(), async (store, _url, where) => {
            const waiting = await allowWrites(store, id ?? "everywhere", new Date());
            await recordCommand(store.sql, { installationId: id ?? null, action: "writes.resume", target: nameOf(id) });
            process.stdout.write(`Writes are allowed ${nameOf(id)} in ${where}.\n`);
            for (const [installation, effects] of waiting)
              process.stdout.write(
                `Installation ${installation}: ${effects} blocked effects wait; a running server performs them.\n`,
              );
          });
        }),
    );
}
