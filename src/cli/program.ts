import { readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { explainCommand } from "./explain.js";
import { migrateCommand } from "./migrate.js";
import { startCommand } from "./start.js";

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
    .addCommand(migrateCommand())
    .addCommand(explainCommand());
}
