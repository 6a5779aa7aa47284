import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  PostgresConnection,
  Queue,
  Worker,
  type WorkerOptions,
} from "bullmq";
import { explainDatabaseError } from "../store/database-error.js";
import { outlive } from "../store/outlive.js";
import { redisClients } from "./redis-clients.js";

/** All that a wake-up carries: ids of deliveries, or the id of one job, as text. */
export interface WakeUpData {
  readonly ids: readonly string[];
}

export type WakeUpQueue = Queue<WakeUpData, void, string, WakeUpData, void, string, IQueueBackend, unknown>;
export type WakeUpWorker = Worker<WakeUpData, void, string, IQueueBackend>;

/** Where BullMQ keeps its data, and how its two classes are made there. */
export interface Backend {
  readonly name: "redis" | "postgres";
  /** Drops what connections are left when queues and workers are closed. */
  hangUp(): void;
  /** Runs `work` while no other process on the same data runs such work. */
  alone(work: () => Promise<void>): Promise<void>;
  queue(name: string): WakeUpQueue;
  worker(
    name: string,
    process: (job: WakeUpJob, token: string | undefined) => Promise<void>,
    options: Pick<WorkerOptions, "concurrency" | "lockDuration" | "stalledInterval">,
  ): WakeUpWorker;
}

/** What a worker's processor needs of BullMQ's job. */
export interface WakeUpJob {
  readonly name: string;
  readonly data: unknown;
  moveToDelayed(timestamp: number, token?: string): Promise<void>;
}

/** BullMQ's own schema in the app's database, and its prefix in Redis. */
export const NAMESPACE = "bullmq";

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 10_000;
const reconnectAfter = (attempt: number): number => Math.min(attempt * 100, 2_000);

/** Redis: producers fail at once while it is away (the sweeper remembers), workers wait until it is back. */
export function redisBackend(url: string, prefix: string = NAMESPACE): Backend {
  const common = { connectTimeout: CONNECT_TIMEOUT_MS, retryStrategy: reconnectAfter };
  const producer = {
    ...common,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
  };
  const consumer = { ...common, maxRetriesPerRequest: null };
  const clients = redisClients(url);
  const factory: BackendFactory<IQueueBackend, unknown> = (name, options, kind) => {
    const connection = clients.open(kind?.withBlockingConnection ? consumer : producer);
    return createRedisBackend(name, { ...options, connection }, kind);
  };
  // Each of BullMQ's scripts is alone as it is.
  const alone: Backend["alone"] = (work) => work();
  return { ...backendOf("redis", prefix, factory), alone, hangUp: () => clients.disconnect() };
}

/**
 * PostgreSQL: at most two connections for each queue and for each worker, closed when idle, and one more for each
 * worker to listen on.
 */
export function postgresBackend(databaseUrl: string, schema: string = NAMESPACE): Backend {
  const connection = {
    connectionString: databaseUrl,
    schema,
    max: 2,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: COMMAND_TIMEOUT_MS,
    application_name: "companyos-github queue",
  };
  const factory: BackendFactory<IQueueBackend, unknown> = (name, options, kind) => {
    const backend = createPostgresBackend(name, { ...options, connection }, kind);
    outlive(backend.connection.pool);
    return backend;
  };
  // BullMQ's functions for schedules read and then write: two at once collide, or wait for each other for ever.
  const alone: Backend["alone"] = async (work) => {
    const own = new PostgresConnection({ ...connection, max: 1 });
    outlive(own.pool);
    try {
      const client = await own.pool.connect();
      try {
        await client.query("SELECT pg_advisory_lock(hashtextextended('schedules of ' || $1, 0))", [schema]);
        await work();
      } finally {
        client.release(true);
      }
    } finally {
      await own.close();
    }
  };
  return { ...backendOf("postgres", schema, factory), alone, hangUp: () => undefined };
}

/**
 * Creates or updates BullMQ's tables, under BullMQ's advisory lock and in one transaction, so that many processes may
 * start at once. Must have run before any worker starts: on a schema without tables a worker spins.
 * @throws ConfigError when the database cannot be reached or the role lacks a right.
 */
export async function migrateQueue(databaseUrl: string, schema: string = NAMESPACE): Promise<void> {
  const connection = new PostgresConnection({ connectionString: databaseUrl, schema, max: 1, migrate: true });
  outlive(connection.pool);
  try {
    await connection.waitUntilReady();
  } catch (error) {
    // Such as a role that may not create the schema.
    throw explainDatabaseError(error, databaseUrl);
  } finally {
    await connection.close();
  }
}

function backendOf(
  name: Backend["name"],
  prefix: string,
  factory: BackendFactory<IQueueBackend, unknown>,
): Omit<Backend, "alone" | "hangUp"> {
  // The factories above bring the connection; what is given here only has to be there.
  const connection = {};
  // Nothing is kept: a finished wake-up must not block the next one with the same id.
  const retention = { removeOnComplete: true, removeOnFail: true };
  return {
    name,
    queue: (queue) =>
      new Queue<WakeUpData, void, string, WakeUpData, void, string, IQueueBackend, unknown>(
        queue,
        {
          connection,
          prefix,
          // For a worker that cannot reach the database at this moment; what fails in a job is decided by its row.
          defaultJobOptions: { ...retention, attempts: 8, backoff: { type: "exponential", delay: 500, jitter: 0.5 } },
        },
        factory,
      ),
    worker: (queue, process, options) =>
      new Worker<WakeUpData, void, string, IQueueBackend>(
        queue,
        process,
        // A wake-up may stall as often as processes die; the row counts the attempts.
        { ...options, connection, prefix, autorun: false, runRetryDelay: 1_000, maxStalledCount: 20 },
        factory,
      ),
  };
}
