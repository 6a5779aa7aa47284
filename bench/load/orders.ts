import { z } from "zod";

/** What a generator process is told to send, and how. */
export const LoadOrder = z.object({
  port: z.int(),
  path: z.string(),
  secret: z.string(),
  event: z.string(),
  shared: z.string(),
  connections: z.int(),
  seconds: z.number(),
  /** Requests a second, sent on schedule; null: each connection sends as soon as it has its answer. */
  rate: z.number().nullable(),
});
export type LoadOrder = z.infer<typeof LoadOrder>;

/** What a generator process saw. Latencies in milliseconds: from when a request should have been sent to its answer. */
export const LoadResult = z.object({
  answered: z.int(),
  refused: z.int(),
  seconds: z.number(),
  perSecond: z.number(),
  p50: z.number(),
  p99: z.number(),
  max: z.number(),
});
export type LoadResult = z.infer<typeof LoadResult>;

/** What a flooding process is told to send. */
export const FloodOrder = z.object({
  port: z.int(),
  path: z.string(),
  senders: z.int(),
  bytes: z.int(),
  /** Header lines that differ between floods, without line ends. */
  headers: z.array(z.string()),
  /** Chunked: the server cannot know how much will come. */
  chunked: z.boolean(),
});
export type FloodOrder = z.infer<typeof FloodOrder>;

/** Statuses by count (0: cut without one), and the bytes that could be sent. */
export const FloodResult = z.object({ statuses: z.record(z.string(), z.int()), sentBytes: z.number() });
export type FloodResult = z.infer<typeof FloodResult>;
