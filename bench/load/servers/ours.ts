// A web process as `start` makes it: migrations, pool, queue, Probot, metrics, watchdog, and the inbox in front.
import { generateKeyPairSync } from "node:crypto";
import { readConfig, readCredentials } from "../../../src/config.js";
import { createLog } from "../../../src/log.js";
import { start } from "../../../src/main.js";
import { reportPort, required, serverOptions } from "../serve.js";

const { secret, databaseUrl, redisUrl } = serverOptions();
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const env = {
  ROLE: "web",
  HOST: "127.0.0.1",
  PORT: "0",
  DATABASE_URL: required(databaseUrl),
  ...(redisUrl !== null && { REDIS_URL: redisUrl }),
  APP_ID: "1",
  PRIVATE_KEY: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  WEBHOOK_SECRET: secret,
};
const { url } = await start({
  config: readConfig(env),
  credentials: readCredentials(env),
  log: createLog({ level: "info" }),
});
reportPort(Number(new URL(required(url)).port));
