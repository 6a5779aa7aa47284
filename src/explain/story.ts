import { z } from "zod";
import { GoneError } from "../errors.js";
import type { Store } from "../store/store.js";

const FACTS_SHOWN = 1_000;

const Outcome = z.object({
  facts: z.array(z.object({ entity: z.string(), key: z.string(), result: z.string() })).default([]),
  jobs: z.array(z.object({ name: z.string(), key: z.string(), status: z.string() })).default([]),
  reason: z.string().nullable().default(null),
});

/** Everything that the tables know about one delivery: what came, what it changed, what was planned and done, or why not. */
export type Story = NonNullable<Awaited<ReturnType<typeof readStory>>>;
export type JobStory = Story["jobs"][number];
export type RunStory = Story["runs"][number];
export type EffectStory = Story["effects"][number];

/** The story of the delivery with this GUID, or null when no such delivery was ever acknowledged. */
export async function readStory(store: Store, guid: string) {
  const delivery = await store.prisma.delivery.findUnique({ where: { guid } });
  if (!delivery) return null;
  const outcome = Outcome.safeParse(delivery.outcome ?? {});
  const planned = outcome.data?.jobs ?? [];
  const [jobs, runs, effects, repository, installation, duplicates] = await Promise.all([
    store.prisma.job.findMany({
      where: { OR: [{ delivery_guid: guid }, ...planned.map(({ name, key }) => ({ name, key, status: "waiting" }))] },
      orderBy: { id: "asc" },
    }),
    store.prisma.agentRun.findMany({ where: { delivery_guid: guid }, orderBy: { id: "asc" } }),
    store.prisma.effect.findMany({ where: { delivery_guid: guid }, orderBy: { id: "asc" } }),
    delivery.repository_id === null
      ? null
      : store.prisma.repository.findUnique({ where: { id: delivery.repository_id } }),
    delivery.installation_id === null
      ? null
      : store.prisma.installation.findUnique({ where: { id: delivery.installation_id } }),
    store.prisma.delivery.count({ where: { duplicate_of: guid } }),
  ]);
  return {
    delivery,
    facts: (outcome.data?.facts ?? []).slice(0, FACTS_SHOWN),
    planned,
    reason: delivery.reason ?? outcome.data?.reason ?? null,
    jobs,
    runs,
    effects,
    repository,
    installation,
    duplicates,
  };
}

/**
 * The GUIDs of the deliveries about `owner/repo#number`, oldest first.
 * @throws GoneError when no repository of that name is known.
 */
export async function deliveriesAbout(store: Store, full_name: string, number: number): Promise<readonly string[]> {
  const repositories = await store.prisma.repository.findMany({
    where: { full_name: { equals: full_name, mode: "insensitive" } },
    select: { id: true },
  });
  if (repositories.length === 0) throw new GoneError(`no repository '${full_name}' is stored`);
  const deliveries = await store.prisma.delivery.findMany({
    where: {
      repository_id: { in: repositories.map(({ id }) => id) },
      subject: { in: [`issue:${number}`, `pull_request:${number}`] },
    },
    orderBy: { id: "asc" },
    select: { guid: true },
  });
  return deliveries.map(({ guid }) => guid);
}
