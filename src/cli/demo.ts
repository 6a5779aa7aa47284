import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Command } from "commander";
import { InvalidError } from "../errors.js";
import { packageFile } from "../package-file.js";

/** A script of the repository that is no part of the built app. */
function repositoryScript(path: string): string {
  const file = packageFile(path);
  if (existsSync(file)) return file;
  throw new InvalidError(
    `${path} is not in this installation; it is in a clone of the repository that \`npm run build\` has built`,
  );
}

function runNode(args: readonly string[]): void {
  process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
}

export function demoCommand(): Command {
  return new Command("demo")
    .description("show the whole path on a simulated GitHub")
    .option("--exit", "end when it is told; exit code 0 only if all of it worked")
    .action(({ exit }: { exit?: true }) =>
      runNode([repositoryScript(".build/demo/main.js"), ...(exit ? ["--exit"] : [])]),
    );
}

export function receiveCommand(): Command {
  return new Command("receive")
    .description("run a fixture payload through the app: no server, no network, nothing written to GitHub")
    .argument(
      "<fixture>",
      "a name in test/fixtures such as issues.opened, or the path of a .json file named for its event",
    )
    .action((fixture: string) =>
      runNode(["--import", import.meta.resolve("tsx"), repositoryScript("scripts/receive.ts"), fixture]),
    );
}
