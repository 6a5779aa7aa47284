import { Command, Option } from "commander";
import { readCredentials, secretValues } from "../config.js";
import { createLog, type Log } from "../log.js";
import { type Running, start } from "../main.js";
import { reportFailure } from "./failure.js";
import { loadConfig } from "./open.js";

export function startCommand(): Command {
  return new Command("start")
    .description("receive deliveries and work on them until SIGTERM or Ctrl-C")
    .addOption(new Option("--role <role>", "what this process does; default: ROLE").choices(["all", "web", "worker"]))
    .action(async ({ role }: { role?: "all" | "web" | "worker" }) => {
      const config = loadConfig();
      const credentials = readCredentials();
      const secrets = secretValues();
      const log = createLog({ level: config.logLevel, secrets });
      const running = await start({ config: role ? { ...config, role } : config, credentials, log, secrets });
      endOnSignals(running, log);
      log.info(
        {
          url: running.url,
          database: running.database,
          queue: running.queue,
          role: role ?? config.role,
          dryRun: config.dryRun,
        },
        "started",
      );
      if (running.url)
        process.stderr.write(
          `companyos-github takes deliveries at ${running.url}/api/github/webhooks (Ctrl-C ends it)\n`,
        );
    });
}

/** The first signal ends in order; a second one at once. What is unfinished is in the tables either way. */
function endOnSignals(running: Running, log: Log): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) process.exit(130);
    ending = true;
    log.info({ signal }, "stopping");
    running
      .close()
      .catch(reportFailure)
      .finally(() => log.info("stopped"));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}
