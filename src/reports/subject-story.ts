import type { Reading } from "../store/read-as.js";
import { journeyOf } from "./journey.js";
import type { Rows } from "./story.js";

/** The most entries read of a long story, newest first. */
const DELIVERIES = 60;
const RUNS = 60;
const EFFECTS = 200;
const FINDINGS = 300;

/** Everything in the tables about one pull request or issue, for its page. */
export type SubjectStory = NonNullable<Awaited<ReturnType<typeof readSubjectStory>>>;

/** Null: neither the pull request or issue nor a delivery about it is stored. */
export async function readSubjectStory(reading: Reading, fullName: string, number: number) {
  const { prisma } = reading;
  const repository = await prisma.repository.findFirst({
    where: { full_name: { equals: fullName, mode: "insensitive" } },
    orderBy: { updated_at: "desc" },
  });
  if (repository === null) return null;
  const { id: repository_id, installation_id } = repository;
  const about = { repository_id, number };
  const newest = { orderBy: { id: "desc" } } as const;
  const [pull, issue, deliveries, runs, findings, commands, feedback, settings, installation] = [
    await prisma.pullRequest.findFirst({ where: about, orderBy: { updated_at: "desc" } }),
    await prisma.issue.findFirst({ where: about, orderBy: { updated_at: "desc" } }),
    await prisma.delivery.findMany({
      where: { repository_id, subject: { in: [`issue:${number}`, `pull_request:${number}`] } },
      ...newest,
      take: DELIVERIES,
    }),
    await prisma.agentRun.findMany({ where: about, ...newest, take: RUNS }),
    await prisma.finding.findMany({ where: about, ...newest, take: FINDINGS }),
    await prisma.command.findMany({ where: about, orderBy: { created_at: "desc" }, take: RUNS }),
    await prisma.findingFeedback.findMany({ where: about, ...newest, take: FINDINGS }),
    await prisma.repositorySettings.findUnique({ where: { repository_id } }),
    await prisma.installation.findUnique({ where: { id: installation_id } }),
  ];
  if (pull === null && issue === null && deliveries.length === 0 && runs.length === 0) return null;
  const jobs = await jobsOf(reading, {
    guids: deliveries.map(({ guid }) => guid),
    ids: runs.flatMap(({ job_id }) => job_id ?? []),
    key: `${repository_id}#${number}`,
  });
  const effects = await prisma.effect.findMany({
    where: {
      repository_id,
      OR: [{ job_id: { in: jobs.map(({ id }) => id) } }, { target: { startsWith: `#${number}/` } }],
    },
    ...newest,
    take: EFFECTS,
  });
  return {
    repository,
    installation,
    number,
    pull,
    issue,
    deliveries: deliveries.toReversed(),
    cut: deliveries.length === DELIVERIES || runs.length === RUNS,
    jobs,
    runs: runs.toReversed(),
    findings,
    commands,
    feedback,
    effects: effects.toReversed(),
    settings,
    journey: pull === null ? [] : await journeyOf(reading.sql, repository_id, number),
  };
}

function jobsOf(
  { prisma }: Rows,
  { guids, ids, key }: { readonly guids: readonly string[]; readonly ids: readonly bigint[]; readonly key: string },
) {
  return prisma.job.findMany({
    where: { OR: [{ delivery_guid: { in: [...guids] } }, { id: { in: [...ids] } }, { delivery_guid: null, key }] },
    orderBy: { id: "asc" },
    take: 300,
  });
}

/** The story of a deployment: its row, its statuses and its deliveries. Null: not stored. */
export async function readDeploymentStory({ prisma }: Reading, id: bigint) {
  const deployment = await prisma.deployment.findUnique({ where: { id } });
  if (deployment === null) return null;
  const { repository_id, installation_id } = deployment;
  const [statuses, repository, deliveries] = [
    await prisma.deploymentStatus.findMany({
      where: { installation_id, deployment_id: id },
      orderBy: { created_at: "asc" },
    }),
    await prisma.repository.findUnique({ where: { id: repository_id } }),
    await prisma.delivery.findMany({
      where: { repository_id, subject: { in: [`deployment:${id}`] } },
      orderBy: { id: "asc" },
      take: DELIVERIES,
    }),
  ];
  return { deployment, statuses, repository, deliveries };
}
