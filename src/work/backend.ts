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
import { surviveBrokenConnections } from "../store/broken-connections.js";
import { redisClients } from "./redis-clients.js";

/** The data of a wake-up: ids of deliveries, or the id of one job, as text. */
export interface WakeUpData {
  readonly ids: readonly string[];
}

export type WakeUpQueue = Queue<WakeUpData, void, string, WakeUpData, void, string, IQueueBackend, unknown>;
export type WakeUpWorker = Worker<WakeUpData, void, string, IQueueBackend>;

/** The storage of BullMQ, and how its two classes are constructed on it. */
export interface Backend {
  readonly name: "redis" | "postgres";
  /** Closes the remaining connections after queues and workers are closed. */
  hangUp(): void;
  /** Runs `work` while no other process on the same data runs it. */
  alone(work: () => Promise<void>): Promise<void>;
  queue(name: string): WakeUpQueue;
  worker(
    name: string,
    process: (job: WakeUpJob, token: string | undefined) => Promise<void>,
    options: Pick<WorkerOptions, "concurrency" | "lockDuration" | "stalledInterval">,
  ): WakeUpWorker;
}

/** The part of BullMQ's job that a processor needs. */
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

/** Redis: producers fail at once while it is unavailable (the sweep wakes later); workers wait until it is back. */
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
  // Each of BullMQ's scripts is atomic on Redis.
  const alone: Backend["alone"] = (work) => work();
  return { ...backendOf("redis", prefix, factory), alone, hangUp: () => clients.disconnect() };
}

/**
 * PostgreSQL: at most two connections for each queue and worker, closed when idle, and one listening connection for
 * each worker.
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
    surviveBrokenConnections(backend.connection.pool);
    return backend;
  };
  // BullMQ's functions for schedules read and then write. Two at once can collide, or deadlock.
  const alone: Backend["alone"] = async (work) => {
    const own = new PostgresConnection({ ...connection, max: 1 });
    surviveBrokenConnections(own.pool);
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
 * Creates or updates BullMQ's tables in one transaction under BullMQ's advisory lock, so that many processes may start
 * at once. Run it before any worker starts: on a schema without tables a worker loops on errors.
 * @throws ConfigError when the database cannot be reached or the role lacks a right.
 */
export async function migrateQueue(databaseUrl: string, schema: string = NAMESPACE): Promise<void> {
  const connection = new PostgresConnection({ connectionString: databaseUrl, schema, max: 1, migrate: true });
  surviveBrokenConnections(connection.pool);
  try {
    await connection.waitUntilReady();
  } catch (error) {
    // For example, the role may not create the schema.
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
  // BullMQ requires this option, but the factories above supply the connection.
  const connection = {};
  // BullMQ keeps no finished jobs: a finished wake-up must not block the next one with the same id.
  const retention = { removeOnComplete: true, removeOnFail: true };
  return {
    name,
    queue: (queue) =>
      new Queue<WakeUpData, void, string, WakeUpData, void, string, IQueueBackend, unknown>(
        queue,
        {
          connection,
          prefix,
          // For a worker that cannot reach the database at this moment; failures of a job are recorded in its row.
          defaultJobOptions: { ...retention, attempts: 8, backoff: { type: "exponential", delay: 500, jitter: 0.5 } },
        },
        factory,
      ),
    worker: (queue, process, options) =>
      new Worker<WakeUpData, void, string, IQueueBackend>(
        queue,
        process,
        // A wake-up may stall whenever a process dies. The row counts the attempts.
        { ...options, connection, prefix, autorun: false, runRetryDelay: 1_000, maxStalledCount: 20 },
        factory,
      ),
  };
}
