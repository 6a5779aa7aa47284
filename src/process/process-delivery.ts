import { z } from "zod";
import type { Clock, DeliveryOutcome } from "../domain.js";
import type { Fact, PushFact } from "../facts/fact.js";
import { namedInstallationFact } from "../facts/installation.js";
import { UserBody } from "../facts/user.js";
import type { Handler, Reading } from "../handlers/handler.js";
import type { JobRegistry } from "../jobs/define-job.js";
import type { Log } from "../log.js";
import { finishDelivery, lockDelivery } from "../store/deliveries/finish-delivery.js";
import { type AppliedFact, applyFacts } from "../store/facts/apply.js";
import { inheritRepository } from "../store/facts/move-repository.js";
import { stillTruncated } from "../store/facts/still-truncated.js";
import type { Guard } from "../store/facts/table.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import type { Sql, Store } from "../store/store.js";
import { recordIssueHistory } from "../store/triage/history.js";
import { storedUpTo } from "../store/sync/stored-up-to.js";
import { renamedRepositories } from "../store/repositories/renamed.js";
import { findTenant, type Tenant, tenantLock } from "../store/tenants/tenant.js";
import { withoutDenied } from "./allowed.js";
import { eventOf, handlerOf, idleReason, ignoredReason, isUninstall } from "./decide.js";
import { type Envelope, parseEnvelope, senderOf } from "./envelope.js";
import { type Plan, planWork, triggeredBy } from "./plan.js";
import { commitsToRead, readsToSettle } from "./settle.js";

export interface ProcessDeps {
  readonly store: Store;
  readonly jobs: JobRegistry;
  readonly clock: Clock;
  readonly log: Log;
  /** For one test only: it proves that the property test depends on this guard. */
  readonly without?: Guard;
}

/** A delivery in the form that every host uses. */
export interface DeliveryInput {
  readonly guid: string;
  readonly name: string;
  readonly payload: unknown;
  readonly traceId?: string | null;
  /** The claim that holds its row; null: the delivery has no row in `deliveries`. */
  readonly token: string | null;
}

export interface Processed {
  readonly status: "processed" | "skipped";
  readonly outcome: DeliveryOutcome;
  /** Wake-ups to add to the queues now that the transaction is committed. */
  readonly wakeUps: readonly JobWakeUp[];
}

/** Used when the delivery has no row. */
const FIRST = { again: false };

/** Events that show who set a label, and the original text of an issue. */
const LABELLED: ReadonlySet<string> = new Set(["issues", "pull_request"]);

/** A delivery's content, read before any database access. */
interface Read {
  readonly envelope: Envelope;
  readonly event: string;
  readonly handler: Handler;
  readonly reading: Reading;
}

/**
 * Processes one delivery in one transaction: facts, plan, job rows and outcome are committed together. Null: another
 * process has finished the delivery; nothing was done.
 * @throws InvalidError when the payload does not have the shape of its event.
 */
export async function processDelivery(deps: ProcessDeps, input: DeliveryInput): Promise<Processed | null> {
  const envelope = parseEnvelope(input.payload);
  const handler = handlerOf(input.name);
  const event = eventOf(input.name, envelope);
  const read = "reason" in handler ? null : { envelope, event, handler, reading: handler.read(input.payload) };
  const unhandled = "reason" in handler ? handler.reason : null;
  const installationId = await installationOf(deps, envelope);
  const first = installationId === null ? {} : { first: tenantLock(installationId, isUninstall(input.name, envelope)) };
  return deps.store.transaction(async (sql) => {
    const { token } = input;
    const locked = token === null ? FIRST : await lockDelivery(sql, input.guid, token);
    if (locked === null) return null;
    const tenant = await findTenant(sql, envelope.installation?.id ?? null, envelope.repository?.id ?? null);
    const processed =
      read === null
        ? skipped(unhandled ?? "not handled")
        : await store(deps, sql, { ...input, ...locked }, read, tenant);
    if (token === null) return processed;
    await finishDelivery(sql, {
      guid: input.guid,
      token,
      status: processed.status,
      reason: processed.outcome.reason,
      outcome: processed.outcome,
      action: envelope.action ?? null,
      installationId: tenant.installationId,
      repositoryId: envelope.repository ? BigInt(envelope.repository.id) : null,
      subject: read?.reading.subject ?? null,
      senderLogin: senderOf(input.payload),
      now: deps.clock.now(),
    });
    return processed;
  }, first);
}

/** A delivery without an installation belongs to the installation of its repository. */
async function installationOf({ store }: ProcessDeps, { installation, repository }: Envelope): Promise<bigint | null> {
  if (installation) return BigInt(installation.id);
  return repository ? (await findTenant(store.sql, null, repository.id)).installationId : null;
}

async function store(
  deps: ProcessDeps,
  sql: Sql,
  input: DeliveryInput & typeof FIRST,
  read: Read,
  tenant: Tenant,
): Promise<Processed> {
  const { envelope, event, handler } = read;
  const { installation } = tenant;
  const reading = installation ? { ...read.reading, ...withoutDenied(read.reading, installation) } : read.reading;
  const now = deps.clock.now();
  // A user authorization belongs to no installation and has no rows.
  const ignored = read.reading.facts.length === 0 ? null : ignoredReason(input.name, envelope, tenant);
  if (ignored !== null) return ignore(deps, sql, input, read, tenant, ignored);
  if (tenant.inherits && envelope.repository && tenant.installationId !== null)
    await inheritRepository(sql, envelope.repository.id, tenant.installationId);
  const applied = await apply(deps, sql, input, reading.facts, tenant, now);
  if (tenant.installationId !== null && LABELLED.has(input.name))
    await recordIssueHistory(sql, tenant.installationId, input.payload);
  // A replay finds the rows that the delivery itself recorded.
  const repeated = !input.again && applied.some(({ fact, result }) => fact.entity === "push" && result === "unchanged");
  const known = { appId: installation?.app_id ?? null };
  const plan = planWork(deps.jobs, {
    event,
    work: [...reading.jobs, ...triggeredBy(deps.jobs, input)],
    skip: repeated
      ? "already recorded: the same push was delivered before"
      : (idleReason(input.name, envelope, handler, tenant) ?? reading.skip(known)?.reason ?? null),
    reads: [
      ...(deps.without === "ties"
        ? []
        : readsToSettle(applied, await readUpTo(sql, envelope, tenant, applied), tenant)),
      ...commitsToRead(await cutShort(sql, applied)),
    ],
  });
  // A purge job has no installation, because uninstalling cancels all jobs of the installation.
  const owner = isUninstall(input.name, envelope) ? null : tenant.installationId;
  return settled(sql, input, { applied, plan, owner, now, status: repeated ? "skipped" : "processed" });
}

/**
 * Stores nothing of an excluded delivery, except a changed repository name: the name decides whether the repository is
 * excluded.
 */
async function ignore(
  deps: ProcessDeps,
  sql: Sql,
  input: DeliveryInput,
  { event, envelope: { repository }, reading }: Read,
  tenant: Tenant,
  reason: string,
): Promise<Processed> {
  const owner = tenant.installationId;
  if (!repository || owner === null || tenant.installation?.deleted !== false) return skipped(reason);
  const renamed = await renamedRepositories(sql, owner, [repository]);
  const rows = reading.facts.filter((fact) => fact.entity === "repository" && renamed.has(fact.row.id));
  if (rows.length === 0) return skipped(reason);
  const now = deps.clock.now();
  const applied = await apply(deps, sql, input, rows, tenant, now);
  const reads = readsToSettle(applied, null, tenant);
  const plan = planWork(deps.jobs, { event, work: [], skip: reason, reads });
  return settled(sql, input, { applied, plan, owner, now, status: "skipped" });
}

interface Settled {
  readonly applied: readonly AppliedFact[];
  readonly plan: Plan;
  /** The installation of the jobs. */
  readonly owner: bigint | null;
  readonly now: Date;
  readonly status: Processed["status"];
}

/** Stores the planned jobs and returns the outcome of the delivery. */
async function settled(sql: Sql, input: DeliveryInput, { applied, plan, owner, now, status }: Settled) {
  const origin = { installationId: owner, deliveryGuid: input.guid, traceId: input.traceId ?? null, now };
  const planned = await planJobs(sql, plan.jobs, origin);
  return {
    status,
    outcome: {
      facts: applied.map(({ fact, result }) => ({ entity: fact.entity, key: fact.key, result })),
      jobs: planned.map((job) => ({ id: String(job.id), name: job.name, key: job.key, status: job.status })),
      reason: plan.reason,
    },
    wakeUps: planned.map(({ wakeUp }) => wakeUp),
  };
}

async function apply(
  { without }: ProcessDeps,
  sql: Sql,
  input: DeliveryInput,
  given: readonly Fact[],
  tenant: Tenant,
  now: Date,
): Promise<readonly AppliedFact[]> {
  if (tenant.installationId === null) return [];
  const facts = [...placeholder(input.payload, given, tenant), ...given];
  const scope = { installationId: tenant.installationId, now, ...(without !== undefined && { without }) };
  return applyFacts(sql, facts, scope);
}

/** The time up to which the repository is stored. Needed only for new rows; other rows cannot be late. */
async function readUpTo(
  sql: Sql,
  { repository }: Envelope,
  { installationId }: Tenant,
  applied: readonly AppliedFact[],
): Promise<Date | null> {
  const isNew = applied.some(({ fact, result }) => result === "inserted" && "observedAt" in fact);
  if (!isNew || !repository || installationId === null) return null;
  return storedUpTo(sql, installationId, repository.id);
}

/** The pushes whose commits are not all stored. They stay in this list until a job has read the rest. */
async function cutShort(sql: Sql, applied: readonly AppliedFact[]): Promise<readonly PushFact[]> {
  const found: PushFact[] = [];
  for (const { fact } of applied)
    if (fact.entity === "push" && fact.row.truncated && (await stillTruncated(sql, fact.row))) found.push(fact);
  return found;
}

/** An unknown installation gets a row from the delivery's own data. */
function placeholder(payload: unknown, facts: readonly Fact[], tenant: Tenant): readonly Fact[] {
  if (tenant.installation !== null || tenant.installationId === null) return [];
  if (facts.some(({ entity }) => entity === "installation")) return [];
  const owner = Owned.safeParse(payload);
  return owner.success ? [namedInstallationFact(Number(tenant.installationId), owner.data.repository.owner)] : [];
}

const Owned = z.object({ repository: z.object({ owner: UserBody }) });

function skipped(reason: string): Processed {
  return { status: "skipped", outcome: { facts: [], jobs: [], reason }, wakeUps: [] };
}
