import type { LedgerHooks } from "../../src/effects/ledger-writer.js";
import { REPOSITORY, type ReviewSetting, reviewSetting } from "./setting.js";

export const SETTINGS = `deployments:
  enabled: true
  protect: true
  environments:
    staging: {}
    production:
      after: staging
      checks: [test]
      approvals: 1
`;

/** The app beside a repository that is deployed, with what people and executors would do there. */
export interface DeploymentSetting extends ReviewSetting {
  /** Comments, and gives the answers that the comment brought. */
  say(body: string, by?: string, number?: number): Promise<readonly string[]>;
  /** Pushes a commit to a branch; the clock goes on, so that a later command is later. */
  commit(branch?: string): Promise<string>;
  configure(yaml: string): Promise<void>;
  /** The executor's result of the newest deployment to an environment. */
  finish(environment: string, state: "success" | "failure" | "in_progress", sha?: string): Promise<void>;
  deployments(): readonly { readonly environment: string; readonly sha: string; readonly by: string }[];
  open(branch?: string): Promise<{ readonly number: number; readonly sha: string }>;
  check(sha: string, conclusion: string | null, name?: string): Promise<void>;
  /** The check of that name ran again. */
  recheck(sha: string, conclusion: string, name?: string): Promise<void>;
  approve(number: number, by?: string): Promise<void>;
  acts(action: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export async function deploymentSetting(
  options: { readonly hooks?: LedgerHooks; readonly permissions?: Readonly<Record<string, "read" | "write">> } = {},
): Promise<DeploymentSetting> {
  const setting = await reviewSetting({
    ...options,
    files: [
      { path: ".github/companyos.yml", content: SETTINGS },
      { path: "README.md", content: "# Shop\n" },
    ],
  });
  const { control, simulation } = setting.github;
  const { organisation } = simulation;
  const repository = () => {
    const found = organisation.byName.get(REPOSITORY);
    if (!found) throw new Error("no repository");
    return found;
  };
  const tick = () => control.run("clock", { advanceSeconds: 2 });
  const ours = (number: number) => {
    const on = repository().pulls.get(number) ?? repository().issues.get(number);
    return (on?.comments ?? [])
      .filter(({ author }) => author === organisation.app.bot)
      .map(({ body }) => (body.split("\n\n<!--")[0] ?? "").replaceAll(/\u200b|\\/g, ""));
  };
  let commits = 0;
  return {
    ...setting,
    async say(body, by = "hubot", number = 1) {
      const before = ours(number).length;
      await tick();
      await control.apply("addComment", { repository: REPOSITORY, number, body, by });
      await setting.settle();
      return ours(number).slice(before);
    },
    async commit(branch = "main") {
      commits += 1;
      const files = [{ path: `src/file-${commits}.txt`, content: `${commits}\n` }];
      const { sha = "" } = await control.apply("push", {
        repository: REPOSITORY,
        branch,
        commits: [{ message: `Change ${commits}`, files }],
      });
      await tick();
      await setting.settle();
      return sha;
    },
    async configure(content) {
      const commit = { message: "Settings", files: [{ path: ".github/companyos.yml", content }] };
      await control.apply("push", { repository: REPOSITORY, commits: [commit] });
      await tick();
      await setting.settle();
    },
    async finish(environment, state, sha) {
      const newest = [...repository().deployments.values()].findLast(
        (each) => each.environment === environment && (sha ?? each.sha) === each.sha,
      );
      await control.apply("setDeploymentStatus", { deployment: newest?.id ?? 0, state, by: "hubot" });
      await setting.settle();
    },
    deployments: () =>
      [...repository().deployments.values()].map(({ environment, sha, creator }) => ({
        environment,
        sha,
        by: creator.login,
      })),
    async open(branch = "topic") {
      commits += 1;
      const files = [{ path: `docs/file-${commits}.md`, content: `${commits}\n` }];
      const { number = 0, sha = "" } = await control.apply("openPull", {
        repository: REPOSITORY,
        title: `Change ${commits}`,
        head: branch,
        by: "octocat",
        commits: [{ message: `Change ${commits}`, files }],
      });
      await tick();
      await setting.settle();
      return { number, sha };
    },
    async check(headSha, conclusion, name = "test") {
      await control.apply("createCheckRun", {
        repository: REPOSITORY,
        headSha,
        name,
        ...(conclusion === null ? { status: "in_progress" } : { status: "completed", conclusion }),
        by: "hubot",
      });
      await setting.settle();
    },
    async recheck(sha, conclusion, name = "test") {
      const run = repository()
        .checkRuns.get(sha)
        ?.findLast((each) => each.name === name);
      if (run) run.conclusion = conclusion;
      await setting.settle();
    },
    async approve(number, by = "hubot") {
      await control.apply("submitReview", { repository: REPOSITORY, number, state: "APPROVED", by });
      await setting.settle();
    },
    acts: (action) =>
      setting.database.store.sql.query("SELECT * FROM audit_log WHERE action = $1 ORDER BY id", [action]),
  };
}
