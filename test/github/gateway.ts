import { generateKeyPairSync } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import nock from "nock";
import { Probot } from "probot";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { createGateway } from "../../src/github/gateway.js";
import { buildOctokit } from "../../src/github/octokit.js";
import type { GitHubCall } from "../../src/github/octokit/observe.js";
import { createLog } from "../../src/log.js";

export const API = "https://github.test/api/v3";
export const GRAPHQL = "https://github.test/api/graphql";
export const NOW = new Date("2026-01-01T00:00:00Z");
export const REPO = { id: 7n, owner: "acme", name: "site" };

const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
  type: "pkcs8",
  format: "pem",
});

/** A gateway to a GitHub of recorded answers, each of which must be asked for; `begin` before each test. */
export function recordedGitHub() {
  let installation = 100n;

  // The quick check runs other files in this process: they have the real HTTP back.
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
    syncBuiltinESMExports();
  });
  afterEach(() => {
    vi.useRealTimers();
    const left = nock.pendingMocks();
    nock.cleanAll();
    if (left.length > 0) throw new Error(`Not asked for: ${left.join(", ")}`);
  });

  function begin() {
    const calls: GitHubCall[] = [];
    installation += 1n;
    const Octokit = buildOctokit({
      apiUrl: API,
      onResponse: (call) => calls.push(call),
      timeoutMs: 500,
      writeSpacingMs: 0,
    });
    const probot = new Probot({
      appId: 1,
      privateKey: String(privateKey),
      secret: "x".repeat(32),
      Octokit,
      log: createLog({ level: "silent" }),
    });
    const gateway = createGateway({
      octokitFor: (id) => probot.auth(Number(id)),
      appOctokit: () => probot.auth(),
      graphqlUrl: GRAPHQL,
      clock: { now: () => NOW },
    });
    const api = nock(API);
    return {
      gateway,
      calls,
      api,
      installation,
      read: (): Promise<unknown> => gateway.reader(installation).issue(REPO, 3),
    };
  }

  function token(value = "ghs_one", times = 1): void {
    nock(API)
      .post(`/app/installations/${installation}/access_tokens`)
      .times(times)
      .reply(201, { token: value, expires_at: "2030-01-01T00:00:00Z", permissions: {} });
  }

  /** The installation that comes next, whose token is another. */
  const next = (): bigint => (installation += 1n);
  return { begin, token, next };
}

/** A scope that takes unconditional requests only. */
export const unconditional = (): nock.Scope => nock(API, { badheaders: ["if-none-match"] });

export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}
