import { apply } from "../../simulator/organisation/apply.js";
import { createOrganisation, drain } from "../../simulator/organisation/create.js";
import type { Installation } from "../../simulator/organisation/installation.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import { type DefinedJob, registryOf } from "../../src/jobs/define-job.js";
import { JOBS } from "../../src/jobs/registry.js";
import { createLog } from "../../src/log.js";
import { type Processed, processDelivery } from "../../src/process/process-delivery.js";
import { TENANT_TABLES } from "../../src/store/facts/tenant-tables.js";
import type { Store } from "../../src/store/store.js";
import { modelReader } from "../property/reader.js";
import { runWaitingJobs } from "../property/run-jobs.js";

export const log = createLog({ level: "silent" });

/** An organisation of two repositories, whose deliveries are processed where a test says so; `begin` before each test. */
export function lifecycle(store: Store) {
  let registry = registryOf(JOBS);
  let now = 0;
  let guid = 0;
  let organisation: Organisation;
  let installation: Installation;

  const clock = { now: () => new Date((now += 1)) };
  const advance = (seconds: number): void => {
    now = Math.ceil(now / 1000) * 1000 + seconds * 1000;
  };
  async function begin() {
    const tables = ["installations", "delivery_bodies", ...TENANT_TABLES.map(({ table }) => table)];
    await store.sql.query(`TRUNCATE ${tables.join(", ")}`);
    registry = registryOf(JOBS);
    now = Date.UTC(2026, 0, 1);
    organisation = createOrganisation({ login: "acme", now: () => new Date(now) });
    apply(organisation, "createRepository", { repository: "acme/one" });
    apply(organisation, "createRepository", { repository: "acme/two" });
    installation = apply(organisation, "install", {});
    await deliverAll();
    return { organisation, installation };
  }

  async function deliver({
    event: name,
    payload,
  }: {
    readonly event: string;
    readonly payload: unknown;
  }): Promise<Processed> {
    guid += 1;
    const deps = { store, jobs: registry, clock, log };
    const processed = await processDelivery(deps, { guid: `lifecycle-${guid}`, name, payload, token: null });
    if (processed === null) throw new Error("not processed");
    return processed;
  }

  async function deliverAll(): Promise<readonly Processed[]> {
    const all: Processed[] = [];
    for (const each of drain(organisation)) all.push(await deliver(each));
    return all;
  }

  /** Makes a change one second later and gives what it would have delivered. */
  function later<T>(change: () => T): T {
    advance(1);
    return change();
  }

  function runJobs(of = installation): Promise<number> {
    const options = {
      store,
      log,
      clock,
      registry,
      installationId: BigInt(of.id),
      reader: modelReader(organisation, of),
    };
    return runWaitingJobs(options);
  }

  async function rows(table: string, where = "true"): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return store.sql.query(`SELECT * FROM ${table} WHERE ${where}`);
  }

  /** Another list of jobs than the app's, for one test. */
  const have = (jobs: readonly DefinedJob[]): void => {
    registry = registryOf(jobs);
  };
  return { begin, have, clock, advance, deliver, deliverAll, later, runJobs, rows };
}

export const reason = (processed: Processed | undefined) => processed?.outcome.reason;
