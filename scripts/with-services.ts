import { spawn } from "node:child_process";
import { createLog } from "../src/log.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { startRedis } from "../test/support/redis.js";

/**
 * `tsx scripts/with-services.ts <command> [arguments]`: runs the command with DATABASE_URL and REDIS_URL set to servers of
 * its own: PostgreSQL as it comes (100 connections, fsync on) and redis-server, both on free ports.
 */
const [command = "", ...args] = process.argv.slice(2);
const log = createLog({ level: "warn" });
process.exitCode = await withTemporary({ prefix: "companyos-services-", log, durable: true }, async (databaseUrl) => {
  const redis = await startRedis();
  try {
    return await run({ ...process.env, DATABASE_URL: databaseUrl, REDIS_URL: redis.url });
  } finally {
    await redis.stop();
  }
});

function run(env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, args, { stdio: "inherit", env });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
