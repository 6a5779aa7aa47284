import { afterAll, expect, test } from "vitest";
import { type Behaviour, withModelServer } from "../support/model-server.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

const KEY = "key-of-the-provider-1234";
const WRONG = "  if ((total = 2)) pay();";

/** What the model does with the next pull request. */
let behave: (isFirst: boolean) => Behaviour = () => ({ text: '{"findings": []}' });
const model = await withModelServer(({ system }) => behave(system.includes("You look for defects")));
const setting = await reviewSetting({
  files: [{ path: "src/cart.ts", content: "export const total = 0;\n" }],
  env: { AI_API_KEY: KEY, AI_MODEL: "m", AI_BASE_URL: model.url, AI_DAILY_TOKENS: "20000" },
});
afterAll(() => setting.close());

const found: Behaviour = {
  text: JSON.stringify({ findings: [{ file: 0, line: 3, quote: WRONG, kind: "wrong-condition" }] }),
};
const stands: Behaviour = { text: '{"verdicts": [{"finding": 0, "verdict": "stands"}]}' };

async function open(head: string) {
  const content = `export const total = 0;\nexport function ${head}(): void {\n${WRONG}\n}\n`;
  await setting.github.control.apply("openPull", {
    repository: REPOSITORY,
    title: "Pay",
    head,
    commits: [{ message: "Pay", files: [{ path: "src/cart.ts", content }] }],
  });
  await setting.settle();
  const run = (await setting.runs()).at(-1);
  return {
    run,
    stored: JSON.stringify(run, (_key, value: unknown) => (typeof value === "bigint" ? Number(value) : value)),
  };
}

test(
  "a model reviews the change too, within its budget, and the review is complete without it",
  { timeout: 120_000 },
  async () => {
    behave = (isFirst) => (isFirst ? found : stands);
    const { run, stored } = await open("first");
    const { sql } = setting.database.store;
    expect(setting.visible(1)).toMatchObject({
      comments: [{ path: "src/cart.ts", line: 3, rule: "model/wrong-condition" }],
      checks: [{ conclusion: "success", annotations: ["src/cart.ts:3 notice model/wrong-condition"] }],
    });
    expect(stored).toContain("openai-compatible/m: 1 claims, 1 with an exact quote, 1 not refuted");

    const { control } = setting.github;
    await control.apply("addComment", { repository: REPOSITORY, number: 1, body: "/explain", by: "hubot" });
    await setting.settle();
    const [reading] = await sql.query(
      `SELECT count(*)::int AS calls, sum(input_tokens)::int AS input, sum(output_tokens)::int AS output,
         sum(cost_micros)::int AS micros FROM model_usage`,
    );
    expect(run?.["model"]).toEqual({
      model: "openai-compatible/m",
      calls: 2,
      inputTokens: reading?.["input"],
      outputTokens: reading?.["output"],
      micros: reading?.["micros"],
    });
    expect(Number(reading?.["input"])).toBeGreaterThan(0);
    expect(setting.visible(1).answers.at(-1)?.replaceAll("\\", "")).toContain(
      `openai-compatible/m: 2 calls, ${String(reading?.["input"])} tokens in, ${String(reading?.["output"])} out, $0.00`,
    );

    behave = () => ({ text: "I am sorry, I cannot." });
    const malformed = await open("second");
    expect(malformed.stored).toContain("openai-compatible/m: no answer: malformed");
    behave = () => ({ status: 401 });
    const rejected = await open("third");
    expect(rejected.stored).toContain("openai-compatible/m: no answer: rejected");
    for (const number of [2, 3])
      expect(setting.visible(number)).toMatchObject({ comments: [], checks: [{ conclusion: "success" }] });

    await sql.query("UPDATE model_usage SET input_tokens = 19000 WHERE id = (SELECT min(id) FROM model_usage)");
    const before = model.asked.length;
    const broke = await open("fourth");
    expect(broke.run?.["model"]).toBeNull();
    expect(broke.stored).toContain("openai-compatible/m: no answer: over-budget");
    expect(model.asked).toHaveLength(before);

    const usage = await sql.query("SELECT number, purpose, outcome FROM model_usage ORDER BY id");
    expect(
      usage.map(({ number, purpose, outcome }) => `${String(number)} ${String(purpose)}: ${String(outcome)}`),
    ).toEqual([
      "1 review: find: answered",
      "1 review: refute: answered",
      "2 review: find: malformed",
      "2 review: find: malformed",
      "3 review: find: rejected",
    ]);
    const everything = await sql.query(
      "SELECT to_jsonb(r)::text AS row FROM agent_runs r UNION ALL SELECT to_jsonb(j)::text FROM jobs j",
    );
    expect(JSON.stringify(everything)).not.toContain(KEY);
  },
);
