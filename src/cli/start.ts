import { Command, Option } from "commander";
import { type Config, environment, hasCredentials, readConfig, readCredentials, secretValues } from "../config.js";
import { messageOf, sentenceOf } from "../errors.js";
import { createLog, type Log } from "../log.js";
import type { Running } from "../main.js";
import { reportFailure } from "./failure.js";
import { loadConfig } from "./open.js";
import { colours } from "./output.js";

export function startCommand(): Command {
  return new Command("start")
    .description("receive deliveries and process them until SIGTERM or Ctrl-C")
    .addOption(
      new Option("--role <role>", "the role of this process: all, web or worker; default: ROLE").choices([
        "all",
        "web",
        "worker",
      ]),
    )
    .action(async ({ role }: { role?: "all" | "web" | "worker" }) => {
      const asked = await loadConfig();
      const env = await environmentOf(asked, role ?? asked.role);
      const { config, credentials, signedIn } = env;
      const secrets = secretValues(env.values);
      const format = config.logFormat ?? (process.stdout.isTTY ? "pretty" : "json");
      const log = createLog({ level: config.logLevel, secrets, format, colour: colours.isColorSupported });
      // Most of the app. It is loaded after the configuration was checked, so that errors appear at once.
      const { start } = await import("../main.js");
      const stopping = new AbortController();
      const starting = start({
        config: role ? { ...config, role } : config,
        credentials,
        log,
        secrets,
        stop: stopping.signal,
        ...(signedIn === undefined ? {} : { signedIn }),
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
          `companyos-github receives deliveries at ${running.url}/api/github/webhooks (Ctrl-C stops it)\n`,
        );
      await greet(running, config, log);
    });
}

/** Asks GitHub once whether it accepts the App, so that wrong credentials show at the start. */
async function greet(running: Running, { github }: Config, log: Log): Promise<void> {
  try {
    const { slug } = await running.readApp();
    log.info({ app: slug }, "GitHub accepts the App");
  } catch (error) {
    const { refusalOf } = await import("../doctor/github.js");
    const refusal = refusalOf(error, github.apiUrl);
    log.error(
      { problem: sentenceOf(refusal), remedy: refusal.remedy },
      "GitHub does not accept the App, or cannot be reached",
    );
  }
}

/** The credentials for the server. Without any, the guided set-up runs first and provides them. */
async function environmentOf(config: Config, role: Config["role"]) {
  const values = environment();
  if (role === "worker" || hasCredentials(values)) return { config, credentials: readCredentials(values), values };
  const { openSetup } = await import("../host/setup.js");
  const log = createLog({ level: config.logLevel, secrets: secretValues(values) });
  const setup = await openSetup({ config, host: values["HOST"], folder: process.cwd(), log });
  process.stderr.write(
    `No GitHub App is configured yet. Open this address to create one (Ctrl-C ends it):\n\n  ${setup.url}\n\n`,
  );
  const created = await setup.created;
  await setup.close();
  const whole = { ...values, ...created.values };
  return { config: readConfig(whole), credentials: readCredentials(whole), values: whole, signedIn: created.session };
}

/**
 * The first signal stops in order, even during the start; a second one stops at once. Unfinished work stays in the
 * tables.
 */
function endOnSignals(starting: Promise<Running>, stopping: AbortController, log: Log): void {
  const end = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) process.exit(130);
    log.info({ signal }, "stopping");
    stopping.abort(new Error(`received ${signal}`));
    starting
      .then(
        (running) => running.close(),
        (error: unknown) => {
          if (error !== stopping.signal.reason) log.warn({ reason: messageOf(error) }, "start failed");
        },
      )
      .catch(reportFailure)
      .finally(() => log.info("stopped"));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}
