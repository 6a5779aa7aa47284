import type { Server } from "node:http";
import { z } from "zod";

const Options = z.object({
  secret: z.string(),
  databaseUrl: z.string().nullable(),
  redisUrl: z.string().nullable(),
});
export type ServerOptions = z.infer<typeof Options>;

/** What a server process tells its parent, once it listens and whenever it is asked. */
export const ServerReport = z.object({ port: z.int(), pid: z.int(), rss: z.number() });

/** What this server process was told to use. */
export function serverOptions(): ServerOptions {
  return Options.parse(JSON.parse(process.env["BENCH_SERVER"] ?? "{}"));
}

/** Listens on a free port and answers the parent's questions. */
export function serve(server: Server): void {
  server.listen(0, "127.0.0.1", () => report(server));
}

/** Tells the parent where the server listens, now and whenever it asks. */
export function report(server: Server): void {
  const address = server.address();
  reportPort(typeof address === "object" && address !== null ? address.port : 0);
}

/** The same for a server that has told its port. */
export function reportPort(port: number): void {
  const answer = (): void => void process.send?.({ port, pid: process.pid, rss: process.memoryUsage.rss() });
  process.on("message", answer);
  // A parent that was killed could not stop it.
  process.on("disconnect", () => process.exit());
  answer();
}

export function required(value: string | null): string {
  if (value === null) throw new Error("this server needs a URL that it was not given");
  return value;
}
