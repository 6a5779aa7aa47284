import { z } from "zod";
import type { Outcome } from "../domain.js";
import type { Fact } from "../facts/fact.js";
import { accessFacts, InstallationBody, installationFact } from "../facts/installation.js";
import { RepositoryBody, repositoryFact } from "../facts/repository.js";
import { id } from "../facts/scalars.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import { applyFacts } from "../store/facts/apply.js";
import { accessibleRepositories } from "../store/repositories/find-repository.js";
import { renamedRepositories } from "../store/repositories/renamed.js";
import { findTenant } from "../store/tenants/tenant.js";
import { defineAppJob } from "./define-job.js";
import type { JobContext } from "./job.js";

const Payload = z.object({ installationId: id });

const BATCH = 500;

/** Reads an installation and its accessible repositories after a delivery about either. */
export const access = defineAppJob({
  name: "access",
  queue: "sync",
  class: "live",
  payload: Payload,
  attempts: 8,
  key: ({ installationId }) => String(installationId),
  async run({ installationId }, context): Promise<Outcome> {
    const { store, clock } = context;
    const began = clock.now().toISOString();
    const body = InstallationBody.parse(await context.github().installation());
    await save(context, installationId, [installationFact(body, { observedAt: began })]);
    if (body.suspended_at !== null) return { status: "skipped", reason: "the installation is suspended" };
    const seen = await readRepositories(context, installationId, began);
    const lost = (await accessibleRepositories(store.sql, BigInt(installationId))).filter(({ id }) => !seen.has(id));
    await save(context, installationId, accessFacts(lost, false, began));
    return { status: "done", reason: `${seen.size} repositories accessible, access to ${lost.length} removed` };
  },
});

async function readRepositories(context: JobContext, installationId: number, began: string): Promise<Set<number>> {
  const { installation } = await findTenant(context.store.sql, installationId, null);
  const lists = installation ?? { allow_repositories: [], deny_repositories: [] };
  const seen = new Set<number>();
  let batch: RepositoryBody[] = [];
  const flush = async () => {
    const isOurs = ({ full_name }: RepositoryBody) => deniedReason(full_name, lists) === null;
    const ours = batch.filter(isOurs);
    const denied = batch.filter((body) => !isOurs(body));
    const renamed = await renamedRepositories(context.store.sql, BigInt(installationId), denied);
    const rows = [...ours, ...denied.filter((body) => renamed.has(body.id))];
    const facts = rows.map((body) => repositoryFact(body, { observedAt: began }));
    await save(context, installationId, [...facts, ...accessFacts(ours, true, began)]);
    batch = [];
  };
  for await (const item of context.github().repositories()) {
    const body = RepositoryBody.parse(item);
    seen.add(body.id);
    batch.push(body);
    if (batch.length < BATCH) continue;
    await flush();
    context.signal.throwIfAborted();
  }
  await flush();
  return seen;
}

async function save({ store, clock }: JobContext, installationId: number, facts: readonly Fact[]): Promise<void> {
  const scope = { installationId: BigInt(installationId), now: clock.now() };
  if (facts.length > 0) await store.transaction((sql) => applyFacts(sql, facts, scope));
}
