import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { callerName, callerOf, type Caller, type Unauthorized } from "../auth/caller.js";
import { prepareGraphql } from "../graphql/endpoint.js";
import type { Ask } from "../limits/caller-limits.js";
import { failure, type Answer } from "./answer.js";
import { Answered, type Call } from "./call.js";
import { commonHeaders, limitsOf, rateHeaders, refusalAnswer, SECONDARY_LIMIT } from "./gate.js";
import { faultBefore, type Sabotage } from "./sabotage.js";
import { isWrite, type Match } from "./route.js";

/** What a call will do, once limits and faults let it. */
interface Prepared {
  readonly ask: Ask | null;
  readonly writes: boolean;
  readonly run: () => Answer;
  readonly log: { readonly operation?: string; readonly points?: number; readonly nodes?: number };
}

export type Router = (method: string, path: string) => Match | null;

const UNAUTHORIZED = failure(401, "Requires authentication");

function refuseAudience(match: Match, caller: Caller): Answer | null {
  switch (match.route.audience) {
    case "anyone":
      return null;
    case "app":
      return caller.kind === "app" ? null : failure(401, "A JSON web token could not be decoded");
    case "token":
      return caller.kind === "installation" || caller.kind === "user" ? null : UNAUTHORIZED;
    case "user":
      if (caller.kind === "installation") return failure(403, "Resource not accessible by integration");
      return caller.kind === "user" ? null : UNAUTHORIZED;
  }
}

/** What a browser gets: this GitHub has an API and no pages, and somebody who looks is no error of the app's. */
const NO_PAGES: Answer = {
  status: 404,
  type: "text/html; charset=utf-8",
  raw: `<!doctype html><title>Simulated GitHub</title><h1>Simulated GitHub</h1>
<p>This is the GitHub that the demo and the tests of companyos-github talk to. It has an API and no web pages.
Run <code>companyos-github explain acme/shop#3</code> to see what the app did here.</p>`,
};

function isBrowser(method: string, path: string, accept: string | undefined): boolean {
  return method === "GET" && (path === "/favicon.ico" || (accept ?? "").includes("text/html"));
}

function prepareRest(call: Omit<Call, "params">, router: Router): Prepared {
  const { method, path, simulation, caller } = call;
  const match = router(method, path);
  if (match === null && isBrowser(method, path, call.headers.accept))
    return { ask: null, writes: false, run: () => NO_PAGES, log: {} };
  if (match === null) {
    const what = `${method} ${path}`;
    simulation.log.addUnhandled(what);
    const run = () => failure(501, `The simulated GitHub has no route ${what}`);
    return { ask: null, writes: false, run, log: {} };
  }
  const { route, params } = match;
  const writes = isWrite(method);
  const ask: Ask = { resource: "rest", cost: 1, minutePoints: writes ? 5 : 1, content: route.content ?? false };
  const run = () => refuseAudience(match, caller) ?? route.handle({ ...call, params });
  return { ask: route.free === true ? null : ask, writes, run, log: {} };
}

function suspended(caller: Caller): Answer | null {
  const asleep = caller.kind === "installation" && caller.token.installation.suspendedAt !== null;
  return asleep ? failure(403, "This installation has been suspended") : null;
}

function attempt(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Answered) return error.answer;
    throw error;
  }
}

function write(
  call: Omit<Call, "params">,
  response: ServerResponse,
  answer: Answer,
  limited: { [name: string]: string },
): number {
  const text = answer.raw ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const headers: { [name: string]: string } = { ...limited, ...answer.headers };
  if (text !== "") headers["content-type"] = answer.type ?? "application/json; charset=utf-8";
  let { status } = answer;
  if (call.method === "GET" && status === 200) {
    const etag = `W/"${createHash("sha1").update(text).digest("hex")}"`;
    headers["etag"] = etag;
    if (call.headers["if-none-match"] === etag) status = 304;
  }
  response.writeHead(status, headers);
  response.end(status === 304 || call.method === "HEAD" ? undefined : text);
  return status;
}

function notModified(call: Omit<Call, "params">, answer: Answer): boolean {
  if (call.method !== "GET" || answer.status !== 200 || call.headers["if-none-match"] === undefined) return false;
  const text = answer.raw ?? JSON.stringify(answer.body);
  return call.headers["if-none-match"] === `W/"${createHash("sha1").update(text).digest("hex")}"`;
}

/** Well formed, and neither a list nor anything that a query asks for. */
const NONSENSE: Answer = { status: 200, body: { data: { repository: { id: 7 }, nodes: "many" }, state: ["what"] } };

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers one call of the API: who calls, limits, faults, the work, the answer. */
export async function answerCall(
  call: Omit<Call, "params" | "caller">,
  response: ServerResponse,
  router: Router,
  queryTimeoutMs: number,
): Promise<void> {
  const { simulation } = call;
  const started = performance.now();
  const caller: Caller | Unauthorized = callerOf(simulation, call.headers);
  const name = caller.kind === "unauthorized" ? "unauthorized" : callerName(caller);
  let prepared: Prepared = { ask: null, writes: false, run: () => UNAUTHORIZED, log: {} };
  const finish = (status: number): void => {
    const { method } = call;
    const path = call.query.size === 0 ? call.path : `${call.path}?${call.query.toString()}`;
    const ms = performance.now() - started;
    simulation.log.add({ method, path, caller: name, status, at: Date.now(), ms, ...prepared.log });
  };
  commonHeaders(simulation, response);
  const graphql = call.method === "POST" && call.path === "/graphql";
  const asked = graphql ? ` ${call.body.toString("utf8")}` : "";
  const sabotage: Sabotage = faultBefore(simulation.faults, `${call.method} ${call.path}${asked}`);
  if (sabotage === "reset") response.socket?.resetAndDestroy();
  if (sabotage === "reset" || sabotage === "timeout") return finish(0);
  if (caller.kind === "unauthorized")
    return finish(write({ ...call, caller: { kind: "anonymous" } }, response, failure(401, caller.message), {}));
  const whole = { ...call, caller };
  if (typeof sabotage === "number") return finish(write(whole, response, failure(sabotage, "Server Error"), {}));
  if (typeof sabotage === "object" && sabotage !== null) return finish(write(whole, response, sabotage, {}));
  if (sabotage === "silent-limit") return finish(write(whole, response, SECONDARY_LIMIT, {}));
  if (sabotage === "nonsense") return finish(write(whole, response, NONSENSE, {}));

  const asleep = suspended(caller);
  if (asleep !== null) return finish(write(whole, response, asleep, {}));
  prepared = graphql ? prepareGraphql(whole) : prepareRest(whole, router);
  const { ask } = prepared;
  const limits = limitsOf(simulation, caller);
  if (ask !== null && !simulation.limits.disabled) {
    const refusal = limits.enter(Date.now(), ask);
    if (refusal !== null) {
      const answer = refusalAnswer(caller, refusal, graphql);
      return finish(write(whole, response, answer, rateHeaders(limits, ask.resource, Date.now())));
    }
  }
  const latency = simulation.faults.current.latencyMs;
  const cut = graphql && latency > queryTimeoutMs;
  if (latency > 0) await wait(cut ? queryTimeoutMs : latency);
  const worked = performance.now();
  let answer: Answer;
  try {
    answer = cut
      ? failure(502, "Something went wrong while executing your query. This may be the result of a timeout.")
      : attempt(prepared.run);
  } catch (error) {
    answer = failure(500, error instanceof Error ? `${error.message}\n${error.stack}` : "unknown");
    simulation.log.addUnhandled(`crash in ${call.method} ${call.path}: ${String(error)}`);
  }
  let headers: { [header: string]: string } = {};
  if (ask !== null && !simulation.limits.disabled) {
    const serverMs = performance.now() - worked + Math.min(latency, queryTimeoutMs);
    const unchanged = notModified(whole, answer);
    limits.leave(Date.now(), ask, { notModified: unchanged, serverMs, ...(cut ? { cost: ask.cost * 2 } : {}) });
    headers = rateHeaders(limits, ask.resource, Date.now());
  }
  if (prepared.writes && (sabotage === "drop-answer" || simulation.faults.strikes("dropWriteAnswer"))) {
    response.socket?.resetAndDestroy();
    return finish(0);
  }
  finish(write(whole, response, answer, headers));
}

/** Reads a request whole. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks);
}
