import { z } from "zod";
import type { Decision } from "../../agents/agent.js";
import { decideReport, type EndedDeployment } from "../../agents/deployment/report.js";
import { DEPLOYMENTS, type DeploymentSettings } from "../../agents/deployment/settings.js";
import { resultOf } from "../../agents/deployment/state.js";
import { id } from "../../facts/scalars.js";
import { sectionOf } from "../../settings/section.js";
import { findDeployment } from "../../store/deployments/history.js";
import { endDeployment } from "../../store/deployments/locks.js";
import { type Agent, defineAgent, ofRepository, trigger } from "../run.js";
import { APP, environmentLock } from "./environment-lock.js";
import { endedDeployment } from "./range-report.js";
import { askAgain } from "./waiting.js";

const payload = ofRepository.extend({ deploymentId: id });
type Payload = z.output<typeof payload>;

const Delivery = z.object({
  action: z.string().default("created"),
  repository: z.object({ id }),
  deployment: z.object({ id }),
  deployment_status: z.object({ state: z.string() }),
});

const FINAL: ReadonlySet<string> = new Set(["success", "failure", "error"]);

const deployed: Agent<Payload, EndedDeployment, DeploymentSettings> = {
  name: "deployed",
  section: DEPLOYMENTS,
  job: "deployed",
  payload,
  triggers: [
    trigger("deployment_status", Delivery, ({ action, repository, deployment, deployment_status: { state } }) =>
      action === "created" && FINAL.has(state)
        ? { repositoryId: repository.id, deploymentId: deployment.id, asked: false }
        : null,
    ),
  ],
  commands: [],
  reads: [],
  subject: ({ deploymentId }) => ({ name: `deployment:${deploymentId}`, number: null }),
  async collect(run, { deploymentId }) {
    const { context, repository } = run;
    const { sql } = context.store;
    const found = await findDeployment(sql, repository.installationId, BigInt(deploymentId));
    if (found === null) return { status: "skipped", reason: "the deployment is not stored" };
    const { state } = resultOf(found);
    if (state === "under-way") return { status: "skipped", reason: "the deployment is under way again" };
    const lock = environmentLock(repository, found.environment);
    const now = context.clock.now();
    const released = await context.store.transaction((inside) =>
      endDeployment(inside, lock, ({ sha }) => sha === found.sha, APP, now),
    );
    if (released !== null)
      await askAgain(
        context,
        { installationId: repository.installationId, repositoryId: repository.ref.id },
        lock.scope,
      );
    const what = released === null ? "no lock waited for it" : `the lock of ${found.environment} was released`;
    const settings = sectionOf((await run.settings()).settings, DEPLOYMENTS);
    if (!settings.summary && !settings.comments && !settings.incidents)
      return { status: "done", reason: `the deployment ${state}; ${what}; the settings choose no report` };
    return { subject: await endedDeployment({ sql, repository, settings }, found), headSha: found.sha };
  },
  decide: (ended, settings): Promise<Decision> => Promise.resolve(decideReport(ended, settings)),
  stillHolds: () => Promise.resolve(null),
};

/** The consequences of a deployment's result. */
export const deployedAgent = defineAgent(deployed);
