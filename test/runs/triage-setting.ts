import type { LedgerHooks } from "../../src/effects/ledger-writer.js";
import { generateIssues } from "../../bench/triage/generated.js";
import { REPOSITORY, type ReviewSetting, reviewSetting } from "./setting.js";

/** The app beside a repository, with what people would do to its issues. */
export interface TriageSetting extends ReviewSetting {
  open(issue: {
    title: string;
    body?: string | null;
    by?: string;
    author?: string;
    labels?: readonly string[];
  }): Promise<number>;
  configure(yaml: string, files?: readonly { path: string; content: string }[]): Promise<void>;
  labels(number: number): Promise<readonly string[]>;
  /** Bodies of our comments. */
  ours(number: number): Promise<readonly string[]>;
  reasons(number: number): Promise<readonly string[]>;
  /** Rows of the ledger about the issue that reached GitHub. */
  written(number: number): Promise<number>;
}

/** `history`: how many labelled issues were there before the App was installed. */
export async function triageSetting({
  history = 0,
  hooks,
}: {
  readonly history?: number;
  readonly hooks?: LedgerHooks;
}): Promise<TriageSetting> {
  const setting = await reviewSetting({
    ...(hooks && { hooks }),
    files: [{ path: ".github/companyos.yml", content: "triage: { waitMinutes: 0 }\n" }],
  });
  const { control, simulation } = setting.github;
  const { sql } = setting.database.store;
  const found = async (number: number) => {
    const { comments } = await control.run("dump", {});
    return comments.filter((comment) => comment.number === number && comment.author === "companyos[bot]");
  };
  const open: TriageSetting["open"] = async (issue) => {
    const { number = 0 } = await control.apply("openIssue", { repository: REPOSITORY, by: "customer", ...issue });
    await setting.settle();
    return number;
  };
  await plant(setting, history);
  return {
    ...setting,
    open,
    async configure(yaml, files = []) {
      const all = [{ path: ".github/companyos.yml", content: yaml }, ...files];
      await control.apply("push", { repository: REPOSITORY, commits: [{ message: "Settings", files: all }] });
      await setting.settle();
    },
    labels: (number) => {
      const issue = simulation.organisation.byName.get(REPOSITORY)?.issues.get(number);
      return Promise.resolve((issue?.labels ?? []).map(({ name }) => name).sort());
    },
    ours: async (number) => (await found(number)).map(({ body }) => body.split("\n\n<!--")[0] ?? ""),
    async reasons(number) {
      const rows = await sql.query("SELECT reason FROM agent_runs WHERE number = $1 AND agent = 'triage' ORDER BY id", [
        number,
      ]);
      return rows.map(({ reason }) => String(reason));
    },
    async written(number) {
      const rows = await sql.query("SELECT FROM effects WHERE target LIKE $1 AND status IN ('done', 'adopted')", [
        `#${number}/%`,
      ]);
      return rows.length;
    },
  };
}

/** What a sync would have brought: rows of issues that people labelled, without deliveries that say who. */
async function plant({ database, github }: ReviewSetting, count: number): Promise<void> {
  if (count === 0) return;
  const { sql } = database.store;
  const names = ["bug", "enhancement", "question"];
  for (const name of names)
    await github.control.apply("createLabel", { repository: REPOSITORY, name }).catch(() => undefined);
  const issues = generateIssues(count, { seed: 7, wrong: 0 });
  const [row] = await sql.query("SELECT id::text, installation_id::text FROM repositories WHERE full_name = $1", [
    REPOSITORY,
  ]);
  await sql.query(
    `INSERT INTO issues (id, installation_id, repository_id, number, title, body, state, created_at, updated_at, content_hash)
     SELECT 900000 + n, $1, $2, 100000 + n, t, b, 'closed', now() - (100000 - n) * interval '1 minute', now() - interval '1 day', ''
     FROM unnest($3::int[], $4::text[], $5::text[]) AS x(n, t, b)`,
    [
      row?.["installation_id"],
      row?.["id"],
      issues.map((_, index) => index),
      issues.map(({ title }) => title),
      issues.map(({ body }) => body),
    ],
  );
  await sql.query(
    `INSERT INTO issue_labels (installation_id, issue_id, label_id, name)
     SELECT $1, 900000 + n, 800000 + k, l FROM unnest($2::int[], $3::int[], $4::text[]) AS x(n, k, l)`,
    [
      row?.["installation_id"],
      issues.map((_, index) => index),
      issues.map(({ labels }) => names.indexOf(labels[0] ?? "")),
      issues.map(({ labels }) => labels[0]),
    ],
  );
}
