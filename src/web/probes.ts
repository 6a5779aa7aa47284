import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../errors.js";
import { pathOf } from "../http/request-path.js";
import { shared } from "../http/shared.js";
import type { RequestHandler } from "../http/server.js";
import { type Log, redact } from "../log.js";
import { within } from "../work/within.js";
import { carriesToken } from "./admin-token.js";

/** One dependency of this process. */
export interface Readiness {
  readonly name: string;
  /** true: without it the process is not ready. false: the process is ready, but degraded. */
  readonly required: boolean;
  /** Returns null, or the problem. */
  check(): Promise<string | null>;
}

export interface ProbesOptions {
  readonly checks: readonly Readiness[];
  /** METRICS_TOKEN and ADMIN_TOKEN: a bearer of one sees the problems; others see only that there is one. */
  readonly tokens: readonly (string | undefined)[];
  readonly log: Log;
}

interface State {
  readonly ready: boolean;
  readonly state: "ready" | "degraded" | "not ready";
  /** `ok`, or the problem. */
  readonly checks: Readonly<Record<string, string>>;
}

const CHECK_MS = 5_000;

/**
 * `GET /healthz` (the process is alive) and `GET /readyz`: 200 when it can do its work, degraded or not, else 503.
 * Requests within a second get the same answer.
 */
export function createProbes({ checks, tokens, log }: ProbesOptions): RequestHandler {
  const known = tokens.filter((token) => token !== undefined);
  const look = shared(async () => {
    const state = await readState(checks);
    if (state.state !== "ready") log.warn(state, "readiness check failed");
    return state;
  });
  return (request, response) => {
    const path = pathOf(request);
    if (path !== "/healthz" && path !== "/readyz") return false;
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      answer(response, 405, { error: "only GET" });
    } else if (path === "/healthz") answer(response, 200, { status: "alive" });
    else {
      const trusted = isTrusted(request, known);
      void look().then((state) => answer(response, state.ready ? 200 : 503, trusted ? state : publicly(state)));
    }
    return true;
  };
}

async function readState(checks: readonly Readiness[]): Promise<State> {
  const results = await Promise.all(
    checks.map(async ({ name, required, check }) => {
      const wrong = await within(CHECK_MS, check(), name).catch(messageOf);
      return { name, required, wrong };
    }),
  );
  const ready = results.every(({ required, wrong }) => wrong === null || !required);
  const degraded = results.some(({ wrong }) => wrong !== null);
  return {
    ready,
    state: ready ? (degraded ? "degraded" : "ready") : "not ready",
    checks: Object.fromEntries(results.map(({ name, wrong }) => [name, wrong === null ? "ok" : redact(wrong)])),
  };
}

/** Without addresses, role names or error texts. */
function publicly({ checks, ...state }: State): State {
  return {
    ...state,
    checks: Object.fromEntries(Object.entries(checks).map(([name, said]) => [name, said === "ok" ? said : "failed"])),
  };
}

function isTrusted(request: IncomingMessage, tokens: readonly string[]): boolean {
  return request.headers.authorization !== undefined && tokens.some((token) => carriesToken(request, token));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}
