import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { InvalidError } from "../errors.js";

/** A script of the repository that is no part of the built app. */
function repositoryScript(path: string): string {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (existsSync(file)) return file;
  throw new InvalidError(`${path} is not in this installation; it is in a clone of the repository`);
}

function runScript(path: string, args: readonly string[]): void {
  process.exitCode =
    spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), repositoryScript(path), ...args], {
      stdio: "inherit",
    }).status ?? 1;
}

export function demoCommand(): Command {
  return new Command("demo")
    .description("show the whole path on a simulated GitHub")
    .option("--exit", "end when it is told; exit code 0 only if all of it worked")
    .action(({ exit }: { exit?: true }) => runScript("demo/main.ts", exit ? ["--exit"] : []));
}

export function receiveCommand(): Command {
  return new Command("receive")
    .description("run a fixture payload through the app: no server, no network, nothing written to GitHub")
    .argument(
      "<fixture>",
      "a name in test/fixtures such as issues.opened, or the path of a .json file named for its event",
    )
    .action((fixture: string) => runScript("scripts/receive.ts", [fixture]));
}
