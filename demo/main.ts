import { randomBytes } from "node:crypto";
import { once } from "node:events";
import pc from "picocolors";
import { loadConfig } from "../src/cli/open.js";
import { reportFailure } from "../src/cli/failure.js";
import type { Config } from "../src/config.js";
import { createLog } from "../src/log.js";
import { start } from "../src/main.js";
import { CONNECT_PATH } from "../src/web/identity/connect.js";
import { NAMESPACE } from "../src/work/backend.js";
import { openStore } from "../src/store/store.js";
import { addressOf, type DemoDatabase, demoDatabase } from "./database.js";
import { type GitHubProcess, startGitHubProcess } from "../simulator/index.js";
import { forgetQueues } from "./queues.js";
import { deliverExamples, settle, playStory, verdictOf } from "./run.js";
import { closing } from "../src/host/closing.js";

/** Who owns acme in the story, and operates the app. */
const OPERATOR = "monalisa";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

try {
  await demo(process.argv.includes("--exit"));
} catch (error) {
  reportFailure(error);
}

/** The whole path on real parts: a simulated GitHub, a database, the app; then a table of what happened. */
async function demo(exit: boolean): Promise<void> {
  const open = closing();
  const interrupted = new AbortController();
  // Not once: a second Ctrl-C waits for what the first one began.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupted.abort());
  // A terminal that was closed takes no more words.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    say(pc.bold("companyos-github: the demo"));
    const started = Date.now();
    const configured = await loadConfig();
    const github = open.add(await startGitHubProcess(), (running) => running.close());
    say(`  GitHub (simulated)       ${github.url}`);
    const database = open.add(await demoDatabase(configured), (used) => used.remove());
    say(`  database                 ${database.shown}`);
    const config = demoConfig(configured, github, database);
    await github.control.run("signIn", { login: OPERATOR });
    await github.control.apply("setMembership", { organization: "acme", login: OPERATOR, role: "admin" });
    // The database is the demo's own: there the commands find its queues. Redis may be somebody else's too.
    const namespace = config.redisUrl ? `companyos_demo_${randomBytes(4).toString("hex")}` : NAMESPACE;
    open.add(config.redisUrl, (url) => forgetQueues(url, namespace));
    const log = createLog({ level: process.env["LOG_LEVEL"] ?? "warn", destination: process.stderr });
    const credentials = { appId: github.appId, privateKey: github.privateKey, webhookSecrets: [github.webhookSecret] };
    const app = open.add(
      await start({ config, credentials, log, sweepMs: 5_000, queueNamespace: namespace, reviewQuietMs: 500 }),
      (running) => running.close(),
    );
    say(`\n  ${pc.bold("Open the dashboard")}       ${pc.cyan(`${app.url}${CONNECT_PATH}`)}`);
    say(`                           signed in as ${OPERATOR} by the simulated GitHub\n`);
    say(`  the app                  ${app.url} (queue: ${app.queue}), up after ${Date.now() - started} ms`);
    const store = openStore({ url: app.databaseUrl, poolSize: 2, applicationName: "companyos-github demo" });
    open.add(store, (used) => used.close());
    await github.control.run("webhook", { url: `${app.url}/api/github/webhooks` });

    await deliverExamples(github.control, store.sql, interrupted.signal);
    const missed = await playStory(github.control, store.sql, say, interrupted.signal);
    await settle(store.sql, interrupted.signal);
    const verdict = await verdictOf(github.control, store.sql);
    process.stdout.write(`\n${verdict.report}\n`);
    const complaints = [...missed, ...verdict.complaints];
    if (complaints.length > 0) {
      process.exitCode = 1;
      for (const complaint of complaints) say(pc.red(`  ${complaint}`));
    } else say(pc.green(`  everything worked, in ${((Date.now() - started) / 1000).toFixed(1)} s`));
    if (exit || interrupted.signal.aborted) return;
    say(`\n  ${pc.bold("The demo stays up until Ctrl-C.")}`);
    say(`    a story at the dashboard   ${app.url}/story/acme/shop/3`);
    say(`    the same pull request      ${github.url}/acme/shop/pull/3`);
    say(
      `    in another terminal        ${addressOf(app.databaseUrl, configured)} node dist/cli.js explain ${verdict.example}`,
    );
    await once(interrupted.signal, "abort");
  } finally {
    await open.close();
  }
}

function demoConfig(config: Config, github: GitHubProcess, { settings }: DemoDatabase): Config {
  const { clientId, clientSecret } = github;
  return {
    ...config,
    ...settings,
    role: "all",
    host: "127.0.0.1",
    port: 0,
    publicUrl: undefined,
    dryRun: false,
    github: { apiUrl: github.url, graphqlUrl: github.graphqlUrl, serverUrl: github.url },
    clientId,
    clientSecret,
    encryptionKeys: [`demo:${randomBytes(32).toString("base64")}`],
    adminLogins: [OPERATOR],
  };
}
