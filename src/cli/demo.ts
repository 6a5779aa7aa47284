import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Command } from "commander";
import { InvalidError } from "../errors.js";
import { packageFile } from "../package-file.js";

/** Runs a script of the repository that is not part of the built app. */
function repositoryScript(path: string): string {
  const file = packageFile(path);
  if (existsSync(file)) return file;
  throw new InvalidError(`${path} is missing. Run this command in a clone of the repository, after \`npm run build\``);
}

function runNode(args: readonly string[]): void {
  process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
}

export function demoCommand(): Command {
  return new Command("demo")
    .description("run a demo story against a simulated GitHub")
    .option("--exit", "exit after the story; exit code 0 only if every step passed")
    .action(({ exit }: { exit?: true }) =>
      runNode([repositoryScript(".build/demo/main.js"), ...(exit ? ["--exit"] : [])]),
    );
}

export function receiveCommand(): Command {
  return new Command("receive")
    .description("process one payload without a server, network or writes to GitHub")
    .argument(
      "<fixture>",
      "a name in test/fixtures such as issues.opened, or the path of a .json file named for its event",
    )
    .action((fixture: string) =>
      runNode(["--import", import.meta.resolve("tsx"), repositoryScript("scripts/receive.ts"), fixture]),
    );
}
