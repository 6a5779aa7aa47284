import { Command, Option } from "commander";
import { readCredentials, secretValues } from "../config.js";
import { messageOf } from "../errors.js";
import { createLog, type Log } from "../log.js";
import type { Running } from "../main.js";
import { reportFailure } from "./failure.js";
import { loadConfig } from "./open.js";

export function startCommand(): Command {
  return new Command("start")
    .description("receive deliveries and work on them until SIGTERM or Ctrl-C")
    .addOption(new Option("--role <role>", "what this process does; default: ROLE").choices(["all", "web", "worker"]))
    .action(async ({ role }: { role?: "all" | "web" | "worker" }) => {
      const config = await loadConfig();
      const credentials = readCredentials();
      const secrets = secretValues();
      const log = createLog({ level: config.logLevel, secrets });
      // Most of the app: what is wrong with the configuration is said before it is loaded.
      const { start } = await import("../main.js");
      const stopping = new AbortController();
      const starting = start({
        config: role ? { ...config, role } : config,
        credentials,
        log,
        secrets,
        stop: stopping.signal,
      });
      endOnSignals(starting, stopping, log);
      const running = await starting.catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
      if (!running || stopping.signal.aborted) return;
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

/**
 * The first signal ends in order, also while it starts; a second one at once. What is unfinished is in the tables either
 * way.
 */
function endOnSignals(starting: Promise<Running>, stopping: AbortController, log: Log): void {
  const end = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) process.exit(130);
    log.info({ signal }, "stopping");
    stopping.abort(new Error(`${signal} came`));
    starting
      .then(
        (running) => running.close(),
        (error: unknown) => {
          if (error !== stopping.signal.reason) log.warn({ reason: messageOf(error) }, "the start had failed");
        },
      )
      .catch(reportFailure)
      .finally(() => log.info("stopped"));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}
