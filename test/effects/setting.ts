import { Probot } from "probot";
import type { RunningGitHub } from "../../simulator/start.js";
import type { EffectKind, EffectOf } from "../../src/effects/effect.js";
import { createGateway, type Gateway } from "../../src/github/gateway.js";
import { buildOctokit } from "../../src/github/octokit.js";
import { createLog } from "../../src/log.js";

/** Where the effects of these tests go. */
export interface Setting {
  readonly installationId: bigint;
  readonly repository: { readonly id: bigint; readonly owner: string; readonly name: string };
  readonly issue: number;
  readonly pull: number;
  readonly headSha: string;
}

/** An organisation with one repository, one issue and one pull request of ten lines. */
export async function prepare(github: RunningGitHub): Promise<Setting> {
  const { control } = github;
  const { id } = await control.apply("createRepository", { repository: "acme/site" });
  for (const login of ["ann", "bob"]) await control.apply("setRole", { repository: "acme/site", login, role: "read" });
  const installation = await control.apply("install", {});
  const issue = await control.apply("openIssue", { repository: "acme/site", title: "It breaks" });
  const content = Array.from({ length: 10 }, (_, line) => `const line${line} = ${line};`).join("\n");
  const pull = await control.apply("openPull", {
    repository: "acme/site",
    title: "Mend it",
    commits: [{ message: "Mend it", files: [{ path: "src/a.ts", content }] }],
  });
  const { sha = "", number = 0 } = pull;
  return {
    installationId: BigInt(installation.id ?? 0),
    repository: { id: BigInt(id ?? 0), owner: "acme", name: "site" },
    issue: issue.number ?? 0,
    pull: number,
    headSha: sha,
  };
}

export interface Address {
  readonly url: string;
  readonly graphqlUrl: string;
  readonly appId: number;
  readonly privateKey: string;
}

/** The way to the simulated GitHub, as the server has it. */
export function gatewayTo(github: Address, timeoutMs = 5_000): Gateway {
  const probot = new Probot({
    appId: github.appId,
    privateKey: github.privateKey,
    secret: "x".repeat(32),
    log: createLog({ level: "silent" }),
    Octokit: buildOctokit({ apiUrl: github.url, timeoutMs, writeSpacingMs: 0 }),
  });
  return createGateway({
    octokitFor: (id) => probot.auth(Number(id)),
    appOctokit: () => probot.auth(),
    graphqlUrl: github.graphqlUrl,
    clock: { now: () => new Date() },
  });
}

type VisibleKind = Exclude<
  EffectKind,
  "minimise-comment" | "review-comment" | "resolve-thread" | "undo" | "deployment-review"
>;
export type Effects = { readonly [K in VisibleKind]: EffectOf<K> };

/** One effect of each kind that leaves something visible, for the setting. */
export function effectsOf(setting: Setting, occasion = "first"): Effects {
  const base = { repository: setting.repository, occasion, reason: "a test wants it" };
  return {
    comment: { kind: "comment", ...base, issue: setting.issue, slot: "triage", body: `Hello ${occasion}` },
    review: {
      kind: "review",
      ...base,
      issue: setting.pull,
      headSha: setting.headSha,
      body: "One thing",
      comments: [{ path: "src/a.ts", line: 3, body: "This line" }],
    },
    "check-run": {
      kind: "check-run",
      ...base,
      name: "CompanyOS",
      headSha: setting.headSha,
      status: "completed",
      conclusion: "neutral",
      title: "120 findings",
      summary: "All of them",
      annotations: Array.from({ length: 120 }, (_, index) => ({
        path: "src/a.ts",
        startLine: 1,
        endLine: 1,
        level: "notice" as const,
        message: `finding ${index}`,
      })),
    },
    issue: {
      kind: "issue",
      ...base,
      incident: "outage-1",
      state: "open",
      title: "Outage",
      body: "It is down",
      labels: ["incident"],
    },
    reaction: { kind: "reaction", ...base, issue: setting.issue, commentId: null, content: "eyes" },
    labels: { kind: "labels", ...base, issue: setting.issue, add: ["bug", "urgent"], remove: ["triage"] },
    "request-reviewers": { kind: "request-reviewers", ...base, issue: setting.pull, users: ["ann"], teams: [] },
    deployment: {
      kind: "deployment",
      ...base,
      environment: "production",
      sha: setting.headSha,
      description: `Deploy ${occasion}`,
      production: true,
      fence: 1n,
      by: "ann",
    },
  };
}

/** What there is of ours at the simulated GitHub: every number is 1 (or 2 labels, 120 annotations) when all was done once. */
export function visible(github: RunningGitHub) {
  const { organisation } = github.simulation;
  const repository = organisation.byName.get("acme/site");
  if (!repository) throw new Error("no repository");
  const { bot } = organisation.app;
  const issues = [...repository.issues.values()];
  const runs = [...repository.checkRuns.values()].flat();
  return {
    comments: issues.flatMap((issue) =>
      issue.comments.filter((comment) => comment.author === bot).map((comment) => comment.body),
    ),
    reviews: [...repository.pulls.values()].flatMap((pull) => pull.reviews.filter((review) => review.author === bot))
      .length,
    inline: [...repository.pulls.values()].flatMap((pull) => pull.threads).length,
    checkRuns: runs.map((run) => ({
      status: run.status,
      conclusion: run.conclusion,
      annotations: run.annotations.length,
    })),
    issues: issues.filter((issue) => issue.author === bot).map((issue) => issue.state),
    reactions: issues.flatMap((issue) => issue.reactions).length,
    labels: issues.filter((issue) => issue.author !== bot).flatMap((issue) => issue.labels.map((label) => label.name)),
    deployments: repository.deployments.size,
    reviewers: [...repository.pulls.values()].flatMap((pull) => pull.requestedReviewers.map((each) => each.login)),
  };
}

export const CONTEXT = { jobId: null, deliveryGuid: null };
