import { readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { demoCommand, receiveCommand } from "./demo.js";
import { doctorCommand } from "./doctor.js";
import { explainCommand } from "./explain.js";
import { exportCommand } from "./export.js";
import { healthCommand } from "./health.js";
import { migrateCommand } from "./migrate.js";
import { redeliverCommand } from "./redeliver.js";
import { replayCommand } from "./replay.js";
import { repositoriesCommand } from "./repositories.js";
import { shadowCommand } from "./shadow.js";
import { startCommand } from "./start.js";
import { syncCommand } from "./sync.js";
import { writesCommand } from "./writes.js";

const Package = z.object({ version: z.string(), description: z.string() });

/** The command line: one file a command, listed here in the order of `--help`. */
export function program(): Command {
  const { version, description } = Package.parse(
    JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")),
  );
  return new Command("companyos-github")
    .description(description)
    .version(version)
    .showHelpAfterError()
    .addCommand(startCommand())
    .addCommand(demoCommand())
    .addCommand(receiveCommand())
    .addCommand(migrateCommand())
    .addCommand(syncCommand())
    .addCommand(healthCommand())
    .addCommand(redeliverCommand())
    .addCommand(replayCommand())
    .addCommand(explainCommand())
    .addCommand(shadowCommand())
    .addCommand(repositoriesCommand())
    .addCommand(writesCommand())
    .addCommand(exportCommand())
    .addCommand(doctorCommand());
}
