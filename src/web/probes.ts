import { redact } from "../log.js";
import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../errors.js";

/** One thing that must answer before this process takes work. `check` gives null, or why it is not ready. */
export interface Readiness {
  readonly name: string;
  check(): Promise<string | null>;
}

/**
 * `GET /healthz` (this process lives) and `GET /readyz` (database and queue answer, migrations are applied).
 * @returns whether the request was one of the two, and so has been answered.
 */
export function createProbes(checks: readonly Readiness[]): (req: IncomingMessage, res: ServerResponse) => boolean {
  return (req, res) => {
    const path = req.url?.split("?", 1)[0];
    if (path !== "/healthz" && path !== "/readyz") return false;
    if (req.method !== "GET" && req.method !== "HEAD") {
      res.setHeader("allow", "GET, HEAD");
      answer(res, 405, { error: "only GET" });
    } else if (path === "/healthz") answer(res, 200, { status: "alive" });
    else void ready(checks).then((state) => answer(res, state.ready ? 200 : 503, state));
    return true;
  };
}

async function ready(checks: readonly Readiness[]) {
  const entries = await Promise.all(
    checks.map(async (readiness) => [readiness.name, (await readiness.check().catch(messageOf)) ?? "ok"] as const),
  );
  return { ready: entries.every(([, state]) => state === "ok"), checks: Object.fromEntries(entries) };
}

function answer(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  res.end(`${redact(JSON.stringify(body))}\n`);
}
