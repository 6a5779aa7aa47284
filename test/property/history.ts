import { apply } from "../../simulator/organisation/apply.js";
import { createOrganisation, drain } from "../../simulator/organisation/create.js";
import type { Delivery } from "../../simulator/organisation/delivery.js";
import type { Installation } from "../../simulator/organisation/installation.js";
import { account, type Organisation } from "../../simulator/organisation/organisation.js";
import { between, type Random, seededRandom } from "../../simulator/random.js";
import type { Clock, DeliveryOutcome } from "../../src/domain.js";
import { GoneError } from "../../src/errors.js";
import { registryOf } from "../../src/jobs/define-job.js";
import { access } from "../../src/jobs/access.js";
import { pushCommits } from "../../src/jobs/push-commits.js";
import { refresh } from "../../src/jobs/refresh.js";
import type { Log } from "../../src/log.js";
import { processDelivery } from "../../src/process/process-delivery.js";
import type { Guard } from "../../src/store/facts/table.js";
import type { Store } from "../../src/store/store.js";
import { expectedTables } from "./expected.js";
import { changeSomething } from "./random-change.js";
import { modelReader } from "./reader.js";
import { storedTables, type Tables } from "./rows.js";
import { runWaitingJobs } from "./run-jobs.js";

const JOBS = registryOf([refresh, access, pushCommits]);
const START = Date.UTC(2026, 0, 1) / 1000;

export interface HistoryOptions {
  readonly store: Store;
  readonly log: Log;
  readonly seed: number;
  readonly changes: number;
  /** Deliveries that are processed at the same time. */
  readonly concurrency: number;
  readonly without?: Guard;
}

export interface History {
  readonly expected: Tables;
  readonly stored: Tables;
  readonly deliveries: number;
  readonly results: Readonly<Record<string, number>>;
  readonly jobs: number;
}

/**
 * Lets an organisation change at random and delivers what GitHub would send of it in random order, with repeats, many
 * changes in one second, and reads of GitHub at any time. At the end everything has been delivered.
 */
export async function playHistory(options: HistoryOptions): Promise<History> {
  const random = seededRandom(options.seed);
  const world = createWorld(options.seed);
  const sent: Delivery[] = [];
  let pending: Delivery[] = drain(world.organisation);
  const counts: Record<string, number> = {};
  let jobs = 0;
  let delivered = 0;
  const run = async () => {
    jobs += await runWaitingJobs({
      ...options,
      clock: world.clock,
      registry: JOBS,
      installationId: BigInt(world.installation.id),
      reader: modelReader(world.organisation, world.installation),
    });
  };
  const deliver = async (some: readonly Delivery[]) => {
    delivered += some.length;
    const outcomes = await Promise.all(some.map((each) => process(options, world.clock, each)));
    for (const { facts } of outcomes) for (const { result } of facts) counts[result] = (counts[result] ?? 0) + 1;
  };
  let made = 0;
  while (made < options.changes && world.organisation.repositories.size > 0) {
    if (random() < 0.15) world.advance(between(random, 0, 3));
    if (!changeSomething(world.organisation, random)) continue;
    made += 1;
    pending.push(...drain(world.organisation));
    if (random() < 0.3) {
      const batch = take(pending, random, between(random, 1, options.concurrency));
      sent.push(...batch);
      const repeats = random() < 0.3 ? sample(sent, random, 1) : [];
      await deliver([...batch, ...repeats]);
    }
    if (random() < 0.03) await run();
  }
  while (pending.length > 0) {
    const batch = take(pending, random, options.concurrency);
    sent.push(...batch);
    await deliver([...batch, ...(random() < 0.2 ? sample(sent, random, 2) : [])]);
  }
  world.advance(1);
  await run();
  const id = BigInt(world.installation.id);
  return {
    expected: expectedTables(world.organisation, world.installation, sent),
    stored: await storedTables(options.store.sql, id),
    deliveries: delivered,
    results: counts,
    jobs,
  };
}

interface World {
  readonly organisation: Organisation;
  readonly installation: Installation;
  readonly clock: Clock;
  advance(seconds: number): void;
}

/** Three repositories, a team, a person who is gone, and the App on all of it. Ids are the seed's own. */
function createWorld(seed: number): World {
  let now = START;
  let ticks = 0;
  const organisation = createOrganisation({ login: "acme", now: () => new Date(now * 1000) });
  organisation.nextId = seed * 100_000;
  account(organisation, "ci[bot]", "Bot");
  account(organisation, "nobody").deleted = true;
  organisation.teams.push({ kind: "team", id: seed * 100_000 + 99_999, slug: "core", name: "Core", members: [] });
  const installation = apply(organisation, "install", {});
  for (const name of ["one", "two", "three"]) apply(organisation, "createRepository", { repository: `acme/${name}` });
  return {
    organisation,
    installation,
    // The server's clock has milliseconds, and no two readings of it are the same.
    clock: { now: () => new Date(now * 1000 + (ticks = Math.min(ticks + 1, 999))) },
    advance(seconds) {
      now += seconds;
      if (seconds > 0) ticks = 0;
    },
  };
}

async function process(options: HistoryOptions, clock: Clock, delivery: Delivery): Promise<DeliveryOutcome> {
  const { store, log, without } = options;
  const deps = { store, log, clock, jobs: JOBS, ...(without !== undefined && { without }) };
  const processed = await processDelivery(deps, {
    guid: "property",
    name: delivery.event,
    payload: delivery.payload,
    token: null,
  });
  if (processed === null) throw new GoneError("nothing was processed");
  return processed.outcome;
}

/** Takes some of the items out, at random. */
function take<T>(items: T[], random: Random, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count && items.length > 0) taken.push(...items.splice(Math.floor(random() * items.length), 1));
  return taken;
}

function sample<T>(items: readonly T[], random: Random, count: number): T[] {
  return take([...items], random, count);
}
