import { z } from "zod";
import { GoneError } from "../errors.js";
import type { Reading } from "../store/read-as.js";

/** Both a store and the transaction of a request. */
export type Rows = Pick<Reading, "prisma">;

const FACTS_SHOWN = 1_000;

const Outcome = z.object({
  facts: z.array(z.object({ entity: z.string(), key: z.string(), result: z.string() })).default([]),
  jobs: z
    .array(z.object({ id: z.coerce.bigint().optional(), name: z.string(), key: z.string(), status: z.string() }))
    .default([]),
  reason: z.string().nullable().default(null),
});

/** The facts of a delivery, and the reason why no job followed; null: jobs followed, or it is not processed. */
export function deliveryFacts(delivery: { readonly outcome: unknown; readonly reason: string | null }) {
  const outcome = Outcome.safeParse(delivery.outcome ?? {}).data;
  return { facts: (outcome?.facts ?? []).slice(0, FACTS_SHOWN), reason: delivery.reason ?? outcome?.reason ?? null };
}

/** Everything in the tables about one delivery: content, changes, jobs and effects, or the reason for none. */
export type Story = NonNullable<Awaited<ReturnType<typeof readStory>>>;
export type JobStory = Story["jobs"][number];
export type RunStory = Story["runs"][number];
export type EffectStory = Story["effects"][number];
export type FindingStory = Story["findings"][number];

/** The story of the delivery with this GUID, or null when it is not stored. */
export async function readStory(store: Rows, guid: string) {
  const delivery = await store.prisma.delivery.findUnique({ where: { guid } });
  if (!delivery) return null;
  const outcome = Outcome.safeParse(delivery.outcome ?? {});
  const planned = outcome.data?.jobs ?? [];
  const jobs = await store.prisma.job.findMany({
    where: { OR: [{ delivery_guid: guid }, { id: { in: planned.flatMap(({ id }) => id ?? []) } }] },
    orderBy: { id: "asc" },
  });
  // Another delivery may have planned a waiting job; its runs and effects carry that GUID.
  const ofStory = { OR: [{ delivery_guid: guid }, { job_id: { in: jobs.map(({ id }) => id) } }] };
  // One after the other, because a request uses one connection.
  const runs = await store.prisma.agentRun.findMany({ where: ofStory, orderBy: { id: "asc" } });
  const effects = await store.prisma.effect.findMany({ where: ofStory, orderBy: { id: "asc" } });
  const { repository_id, installation_id } = delivery;
  const repository =
    repository_id === null ? null : await store.prisma.repository.findUnique({ where: { id: repository_id } });
  const installation =
    installation_id === null ? null : await store.prisma.installation.findUnique({ where: { id: installation_id } });
  const duplicates = await store.prisma.delivery.count({ where: { duplicate_of: guid } });
  return {
    delivery,
    ...deliveryFacts(delivery),
    planned,
    jobs,
    runs,
    findings: await findingsOf(store, runs),
    effects,
    repository,
    installation,
    duplicates,
  };
}

/** The runs' findings, with their present state. */
function findingsOf(store: Rows, runs: readonly { readonly id: bigint }[]) {
  return store.prisma.finding.findMany({ where: { run_id: { in: runs.map(({ id }) => id) } }, orderBy: { id: "asc" } });
}

/**
 * The GUIDs of the deliveries about `owner/repo#number`, oldest first.
 * @throws GoneError when the repository is not stored.
 */
export async function deliveriesAbout(store: Rows, full_name: string, number: number): Promise<readonly string[]> {
  const deliveries = await store.prisma.delivery.findMany({
    where: {
      repository_id: { in: [...(await repositoriesNamed(store, full_name))] },
      subject: { in: [`issue:${number}`, `pull_request:${number}`] },
    },
    orderBy: { id: "asc" },
    select: { guid: true },
  });
  return deliveries.map(({ guid }) => guid);
}

/** Work on a pull request or issue without a delivery, planned by a sync or by the app itself. */
export type WithoutDelivery = Awaited<ReturnType<typeof readWithoutDelivery>>;

/** @throws GoneError when the repository is not stored. */
export async function readWithoutDelivery(store: Rows, full_name: string, number: number) {
  const ids = [...(await repositoriesNamed(store, full_name))];
  const orderBy = { id: "asc" } as const;
  const runs = await store.prisma.agentRun.findMany({
    where: { repository_id: { in: ids }, number, delivery_guid: null },
    orderBy,
  });
  const jobs = await store.prisma.job.findMany({
    where: {
      delivery_guid: null,
      OR: [
        { id: { in: runs.flatMap(({ job_id }) => job_id ?? []) } },
        { key: { in: ids.map((id) => `${id}#${number}`) } },
      ],
    },
    orderBy,
  });
  const effects = await store.prisma.effect.findMany({
    where: {
      repository_id: { in: ids },
      delivery_guid: null,
      OR: [{ job_id: { in: jobs.map(({ id }) => id) } }, { target: { startsWith: `#${number}/` } }],
    },
    orderBy,
  });
  return { subject: `${full_name}#${number}`, jobs, runs, findings: await findingsOf(store, runs), effects };
}

/** The present state of a pull request or issue: its row, its reviews, each finding, and effects by status. */
export type Summary = Awaited<ReturnType<typeof readSummary>>;

/** @throws GoneError when the repository is not stored. */
export async function readSummary(store: Rows, full_name: string, number: number) {
  const where = { repository_id: { in: [...(await repositoriesNamed(store, full_name))] }, number };
  const orderBy = { id: "asc" } as const;
  // One after the other, because a request uses one connection.
  const pull = await store.prisma.pullRequest.findFirst({ where });
  const issue = await store.prisma.issue.findFirst({ where });
  const runs = await store.prisma.agentRun.findMany({ where, orderBy });
  const findings = await store.prisma.finding.findMany({ where, orderBy });
  const thing = pull ?? issue;
  const effects = await store.prisma.effect.groupBy({
    by: ["status"],
    where: {
      repository_id: where.repository_id,
      OR: [{ job_id: { in: runs.flatMap(({ job_id: id }) => id ?? []) } }, { target: { startsWith: `#${number}/` } }],
    },
    _count: true,
    orderBy: { status: "asc" },
  });
  return {
    subject: `${full_name}#${number}`,
    kind: pull ? "pull request" : issue ? "issue" : null,
    title: thing?.title ?? null,
    state: pull?.merged === true ? "merged" : (thing?.state ?? null),
    author: thing?.author_login ?? null,
    reviews: runs.filter(({ agent }) => agent === "code-review"),
    findings,
    effects: effects.map(({ status, _count: count }) => ({ status, count })),
  };
}

async function repositoriesNamed(store: Rows, full_name: string): Promise<readonly bigint[]> {
  const repositories = await store.prisma.repository.findMany({
    where: { full_name: { equals: full_name, mode: "insensitive" } },
    select: { id: true },
  });
  if (repositories.length === 0) throw new GoneError(`no repository '${full_name}' is stored`);
  return repositories.map(({ id }) => id);
}
