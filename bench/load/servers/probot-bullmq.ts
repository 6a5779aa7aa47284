import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { required, serverOptions } from "../serve.js";
import { serveStock } from "./probot-server.js";

// Probot and one BullMQ job a delivery, with the payload as its data, on Redis.
const connection = new Redis(required(serverOptions().redisUrl), { maxRetriesPerRequest: null });
const queue = new Queue("payloads", { connection });

await serveStock((delivery) => queue.add(delivery.name, delivery, { removeOnComplete: true }));
