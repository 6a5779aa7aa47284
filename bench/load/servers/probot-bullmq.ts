import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { required, serve, serverOptions } from "../serve.js";
import { probotServer } from "./probot-server.js";

// Probot and one BullMQ job a delivery, with the payload as its data, on Redis.
const connection = new Redis(required(serverOptions().redisUrl), { maxRetriesPerRequest: null });
const queue = new Queue("payloads", { connection });

serve(await probotServer((delivery) => queue.add(delivery.name, delivery, { removeOnComplete: true })));
