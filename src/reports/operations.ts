import type { Prisma } from "../store/generated/client.js";
import type { Reading } from "../store/read-as.js";
import type { Scope } from "../store/scope.js";

const MOST = 50;

/** The operator's tables beside health: waiting and dead work, losses, effects. */
export type Operations = Awaited<ReturnType<typeof readOperations>>;

export async function readOperations({ prisma }: Reading, scope: Scope) {
  const ids = scope.installations.map(({ id }) => id);
  const mine: Prisma.JobWhereInput = scope.operator ? {} : { installation_id: { in: ids } };
  const newest = { orderBy: { id: "desc" }, take: MOST } as const;
  const queues = await prisma.job.groupBy({
    by: ["queue", "status"],
    where: { ...mine, status: { in: ["waiting", "running", "failed"] } },
    _count: { _all: true },
    _min: { run_at: true },
    orderBy: [{ queue: "asc" }, { status: "asc" }],
  });
  const dead = await prisma.job.findMany({ where: { ...mine, status: "failed" }, ...newest });
  const drift = await prisma.driftEntry.findMany({
    where: scope.operator ? {} : { installation_id: { in: ids } },
    orderBy: { lost_at: "desc" },
    take: MOST,
  });
  const alerts = await prisma.alert.findMany({
    where: scope.operator ? {} : { installation_id: { in: ids } },
    orderBy: [{ status: "asc" }, { id: "desc" }],
    take: MOST,
  });
  const effects = await prisma.effect.findMany({
    where: { installation_id: { in: ids } },
    orderBy: { created_at: "desc" },
    take: MOST,
  });
  const acts = await prisma.auditEntry.findMany({
    where: scope.operator ? {} : { installation_id: { in: ids } },
    ...newest,
  });
  return { queues, dead, drift, alerts, effects, acts };
}
