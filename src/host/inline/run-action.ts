import { secretValues, type Config } from "../../config.js";
import { ACTIONS_IDENTITY } from "../../effects/author.js";
import { createDryRunWriter } from "../../effects/dry-run-writer.js";
import { createEffectLedger } from "../../effects/ledger-writer.js";
import { createGateway } from "../../github/gateway.js";
import { buildOctokit } from "../../github/octokit.js";
import { createLog } from "../../log.js";
import { type InlineEvent, runInline } from "./run-inline.js";
import { withInstallation } from "./stand-in.js";

/** Runs a delivery in GitHub Actions: reads and writes with the job's token, or prints the writes with DRY_RUN. */
export async function runAction(event: InlineEvent, config: Config, token: string): Promise<void> {
  const clock = { now: () => new Date() };
  const Octokit = buildOctokit({ apiUrl: config.github.apiUrl });
  const octokit = new Octokit({ auth: { token } });
  const gateway = createGateway({
    octokitFor: () => Promise.resolve(octokit),
    appOctokit: null,
    identity: ACTIONS_IDENTITY,
    graphqlUrl: config.github.graphqlUrl,
    clock,
  });
  const print = (text: string): void => void process.stdout.write(text);
  await runInline(event, {
    config,
    clock,
    log: createLog({ level: config.logLevel, secrets: [...secretValues(), token], destination: process.stderr }),
    reader: (installationId) => gateway.reader(installationId),
    client: (installationId) => gateway.client(installationId),
    complete: withInstallation,
    writer: (installationId, store) =>
      config.dryRun
        ? createDryRunWriter({ installationId, store, print: (text) => print(`Would write: ${text}\n`) })
        : createEffectLedger({ store, github: gateway }).writer(installationId),
    print,
  });
}
