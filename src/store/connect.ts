import { setTimeout as delay } from "node:timers/promises";
import { Client, escapeIdentifier } from "pg";
import { messageOf } from "../errors.js";
import { codeOf } from "./database-error.js";
import { databaseName, onDatabase } from "./database-url.js";

const CONNECT_MS = 10_000;
const STARTING_UP_MS = 60_000;
const POLL_MS = 250;

/** A separate connection for work that needs a session: advisory locks, creating databases. The caller closes it. */
export async function connect(url: string): Promise<Client> {
  const deadline = Date.now() + STARTING_UP_MS;
  for (;;) {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: "companyos migrate",
    });
    // A broken connection fails its running query; without this listener the event would also end the process.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      // 57P03: the server is running and still recovering.
      if (codeOf(error) !== "57P03" || Date.now() > deadline) throw withCode(error);
      await delay(POLL_MS);
    }
  }
}

/**
 * `pg` has no code for a time-out, a hang-up before the greeting, or a server without TLS. All mean: cannot connect.
 */
function withCode(error: unknown): unknown {
  if (codeOf(error) !== undefined) return error;
  return Object.assign(new Error(messageOf(error), { cause: error }), { code: "ECONNRESET" });
}

/** Connects, and creates a missing database if the role may. Another process may create it first. */
export async function connectOrCreate(url: string): Promise<Client> {
  try {
    return await connect(url);
  } catch (error) {
    if (codeOf(error) !== "3D000") throw error;
    // No right, or no connection to the maintenance database: the operator needs to know about the missing database.
    await createDatabase(url).catch((cause: unknown) => {
      throw Object.assign(new Error(`database "${databaseName(url)}" does not exist`, { cause }), { code: "3D000" });
    });
    return connect(url);
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = await connect(onDatabase(url, "postgres"));
  try {
    await client.query(`CREATE DATABASE ${escapeIdentifier(databaseName(url))}`);
  } catch (error) {
    // Another process created it: seen before (42P04) or at the same moment (23505).
    if (!["42P04", "23505"].includes(codeOf(error) ?? "")) throw error;
  } finally {
    await client.end();
  }
}
