import { Redis } from "ioredis";
import { decompress } from "../../src/store/deliveries/compression.js";
import type { Sql } from "../../src/store/store.js";

/** Every row of every table as text, the queue's own included. What is kept of deliveries is unpacked, and apart. */
export async function dumpDatabase(sql: Sql): Promise<{ readonly rows: string; readonly bodies: string }> {
  const tables = await sql.query(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await sql.query(`SELECT to_jsonb(t)::text AS line FROM ${String(name)} t`);
    texts.push(...rows.map(({ line }) => String(line)));
  }
  const bodies: string[] = [];
  for (const { encoding, body } of await sql.query("SELECT encoding, body FROM delivery_bodies"))
    if (Buffer.isBuffer(body)) bodies.push((await decompress(String(encoding), body)).toString());
  return { rows: texts.join("\n"), bodies: bodies.join("\n") };
}

/** Every key of a Redis with its value, whatever its type. */
export async function dumpRedis(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    const texts: unknown[] = [];
    for (const key of await redis.keys("*")) texts.push(key, await valueOf(redis, key));
    return JSON.stringify(texts);
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case "string":
      return redis.get(key);
    case "hash":
      return redis.hgetall(key);
    case "list":
      return redis.lrange(key, 0, -1);
    case "set":
      return redis.smembers(key);
    case "zset":
      return redis.zrange(key, "0", "-1");
    case "stream":
      return redis.xrange(key, "-", "+");
    default:
      throw new Error(`a key of type ${type} cannot be looked into`);
  }
}
