import { readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { packageFile } from "../package-file.js";
import { EXIT_CODES_HELP } from "./failure.js";

const Package = z.object({ version: z.string(), description: z.string() });

/**
 * One file for each command, in the order of `--help`. Each is loaded only when requested, because together they are
 * most of the app.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./start.js")).startCommand(),
  demo: async () => (await import("./demo.js")).demoCommand(),
  receive: async () => (await import("./demo.js")).receiveCommand(),
  migrate: async () => (await import("./migrate.js")).migrateCommand(),
  sync: async () => (await import("./sync.js")).syncCommand(),
  health: async () => (await import("./health.js")).healthCommand(),
  redeliver: async () => (await import("./redeliver.js")).redeliverCommand(),
  replay: async () => (await import("./replay.js")).replayCommand(),
  explain: async () => (await import("./explain.js")).explainCommand(),
  dora: async () => (await import("./dora.js")).doraCommand(),
  events: async () => (await import("./events.js")).eventsCommand(),
  shadow: async () => (await import("./shadow.js")).shadowCommand(),
  repositories: async () => (await import("./repositories.js")).repositoriesCommand(),
  writes: async () => (await import("./writes.js")).writesCommand(),
  triage: async () => (await import("./triage.js")).triageCommand(),
  undo: async () => (await import("./undo.js")).undoCommand(),
  export: async () => (await import("./export.js")).exportCommand(),
  keys: async () => (await import("./keys.js")).keysCommand(),
  settings: async () => (await import("./settings.js")).settingsCommand(),
  doctor: async () => (await import("./doctor.js")).doctorCommand(),
};

/** Builds the CLI with the requested command only; loads all commands when it is missing or unknown. */
export async function program(asked: string | undefined): Promise<Command> {
  const { version, description } = Package.parse(JSON.parse(readFileSync(packageFile("package.json"), "utf8")));
  const known = asked !== undefined && Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined;
  const commands = await Promise.all((known ? [known] : Object.values(COMMANDS)).map((load) => load()));
  const whole = new Command("companyos-github").description(description).version(version);
  for (const command of commands) whole.addCommand(command);
  throwErrors(whole);
  return whole.addHelpText("after", EXIT_CODES_HELP);
}

/** Commander would end the process itself, with 1 for a wrong option. `addCommand` does not pass these settings on. */
function throwErrors(command: Command, parent = ""): void {
  const path = `${parent}${command.name()}`;
  command.exitOverride().showHelpAfterError(`(see '${path} --help')`);
  for (const each of command.commands) throwErrors(each, `${path} `);
}
