import { afterAll, describe, expect, it } from "vitest";
import { effectSchema } from "../../effects/effect.js";
import { say } from "../../text/say.js";
import { codeReviewAgent } from "./agent.js";
import { type GivenFile, reviewOf } from "./given.js";
import { givenSubject as subject } from "./given-subject.js";
import { openInspector } from "./inspect/child-process.js";
import type { ReviewSubject, StoredFinding } from "./subject.js";

const inspector = openInspector();
afterAll(() => inspector.close());
const agent = codeReviewAgent(inspector, "a key for tests, 32 characters or more");

const settings = reviewOf({ review: { riskLabels: true, ignore: { labels: ["no-review"] } } });
const planted: GivenFile = { path: "src/a.test.ts", after: 'it.only("a", () => {});\nf();\n' };

async function decide(given: ReviewSubject) {
  const decision = await agent.decide(given, settings);
  expect(decision.effects.map((effect) => effectSchema.parse(effect))).toEqual(decision.effects);
  const kinds = decision.effects.map(({ kind }) => kind);
  return {
    decision,
    kinds,
    review: decision.effects.find((effect) => effect.kind === "review"),
    check: decision.effects.find((effect) => effect.kind === "check-run"),
  };
}

describe("a change with a defect", () => {
  it("gets a review with a comment on the line, a failed check, reviewers and a label", async () => {
    const { decision, kinds, review, check } = await decide(subject([planted]));
    expect(kinds).toEqual(["check-run", "review", "labels", "request-reviewers"]);
    expect(decision.reason).toBe("Reviewed: 1 failure new.");
    expect(review).toMatchObject({
      issue: 1,
      headSha: "abc",
      body: "1 failure in what changed.",
      comments: [{ path: "src/a.test.ts", line: 1 }],
    });
    expect(review?.comments[0]?.body).toContain('```suggestion\nit("a", () => {});\n```');
    expect(check).toMatchObject({
      conclusion: "failure",
      title: "1 failure",
      annotations: [{ path: "src/a.test.ts", startLine: 1, endLine: 1, level: "failure" }],
    });
    expect(decision.effects.find(({ kind }) => kind === "labels")).toMatchObject({
      add: ["risk: medium"],
      remove: ["risk: low"],
    });
  });

  it("is not posted twice, even if its line moved", async () => {
    const first = await decide(subject([planted]));
    const known =
      first.decision.reviewed?.fresh.map(({ fingerprint, rule, path }): StoredFinding => ({
        fingerprint,
        rule,
        path,
        severity: "failure",
        source: "rule",
        says: "x",
        state: "open",
        threadId: "T",
        commentId: "C",
        answered: false,
        body: null,
        resolved: false,
      })) ?? [];
    const moved = { ...planted, after: `// new\n\n${planted.after}` };
    const { kinds, check } = await decide(subject([moved], { known }));
    expect(kinds).not.toContain("review");
    expect(check).toMatchObject({ conclusion: "failure", annotations: [{ startLine: 3 }] });
    const fixed = await decide(subject([{ ...planted, after: "f();\n" }], { known }));
    expect(fixed.kinds.slice(0, 3)).toEqual(["check-run", "resolve-thread", "minimise-comment"]);
    expect(fixed.check).toMatchObject({ conclusion: "success", title: "No problems found" });
    const answered = await decide(
      subject([{ ...planted, after: "f();\n" }], { known: known.map((each) => ({ ...each, answered: true })) }),
    );
    expect(answered.kinds).not.toContain("minimise-comment");
  });

  it("mutes a rule whose findings are mostly dismissed, and reports that", async () => {
    const records = [{ rule: "focused-test", shown: 20, dismissed: 15 }];
    const { kinds, check, decision } = await decide(subject([planted], { records }));
    expect(kinds).not.toContain("review");
    expect(decision.reason).toBe("Reviewed: nothing new, 1 not shown, muted focused-test.");
    expect(check?.summary).toContain(
      "Muted in this repository, because most of their findings were dismissed: `focused-test` (25 % of 20 findings were kept).",
    );
  });
});

it("a clean change gets a green check and no review", async () => {
  const { kinds, check } = await decide(subject([{ path: "docs/a.md", after: "Text.\n" }]));
  expect(kinds).not.toContain("review");
  expect(check).toMatchObject({ conclusion: "success", title: "No problems found", annotations: [] });
});

it("never concludes success when a file was not read completely", async () => {
  const given = subject([{ path: "docs/a.md", after: "Text.\n" }]);
  const change = { ...given.change, files: given.change.files.map((file) => ({ ...file, truncated: true })) };
  const { check } = await decide({ ...given, change });
  expect(check).toMatchObject({ conclusion: "neutral", title: "No problems found; 1 file not read completely" });
  expect(check?.summary).toContain("- `docs/a.md`: its diff was cut off");
});

it("counts files that GitHub does not list, and keeps earlier findings in them", async () => {
  const known: StoredFinding = {
    fingerprint: "f",
    rule: "debugger-statement",
    path: "src/unlisted.ts",
    severity: "failure",
    source: "rule",
    says: "told",
    state: "open",
    threadId: "T",
    commentId: "C",
    answered: false,
    body: null,
    resolved: false,
  };
  const { kinds, check } = await decide(
    subject([{ path: "docs/a.md", after: "Text.\n" }], { unlisted: 205, known: [known] }),
  );
  expect(kinds).not.toContain("resolve-thread");
  expect(check).toMatchObject({ conclusion: "failure", title: "1 failure; 1 file not read completely" });
  expect(check?.summary).toContain("GitHub did not list 205 files");
});

it("keeps earlier findings of an unreadable file in the check; a failing rule affects only its own findings", async () => {
  const { decision } = await decide(subject([planted]));
  const known = (decision.reviewed?.fresh ?? []).map(({ fingerprint, rule, path }): StoredFinding => ({
    fingerprint,
    rule,
    path,
    severity: "failure",
    source: "rule",
    says: "told",
    state: "open",
    threadId: "T",
    commentId: "C",
    answered: false,
    body: null,
    resolved: false,
  }));
  const mended = subject([{ ...planted, after: "f();\n" }], { known });
  const cut = { ...mended.change, files: mended.change.files.map((file) => ({ ...file, truncated: true })) };
  const unseen = await decide({ ...mended, change: cut });
  expect(unseen.check).toMatchObject({ conclusion: "failure", title: "1 failure; 1 file not read completely" });
  expect(unseen.kinds).not.toContain("resolve-thread");
  const broken = reviewOf({
    review: { customRules: { broken: { message: "x", languages: ["TypeScript"], rule: { kind: "no_such_kind" } } } },
  });
  const fixed = await agent.decide(mended, broken);
  expect(fixed.reviewed).toMatchObject({ fixed: [{ rule: "focused-test" }], assumed: [] });
});

it("no suggestion is made of a very long line", async () => {
  const long = `it.only("${"a".repeat(3_000)}", () => {});`;
  const { review } = await decide(subject([{ path: "src/a.test.ts", after: `${long}\n` }]));
  expect(review?.comments[0]?.body).toContain("focused-test");
  expect(review?.comments[0]?.body).not.toContain("suggestion");
});

it("posts no new findings at a head that already has a review, and reports them in the check", async () => {
  const { decision, kinds, check } = await decide(subject([planted], { reviewStands: true }));
  expect(kinds).not.toContain("review");
  expect(decision.reviewed).toMatchObject({ fresh: [], waiting: [{ rule: "focused-test" }] });
  expect(check).toMatchObject({ conclusion: "failure", title: "1 failure" });
  expect(check?.summary).toContain("1 new since the review of this commit");
});

it.each([
  [{ labels: ["no-review"] }, ["check-run"], "Not reviewed: it has the label no-review."],
  [{ draft: true }, [], "Not reviewed: it is a draft."],
  [{ state: "closed" as const }, [], "Not reviewed: the pull request is closed."],
])("a skipped review states the reason: %j", async (skip, kinds, reason) => {
  const given = subject([planted]);
  const result = await decide({ ...given, skip: { ...given.skip, ...skip } });
  expect(result.kinds).toEqual(kinds);
  expect(result.decision).toMatchObject({ reason, reviewed: null });
});

it("the organisation's own rules are found, with their words disarmed", async () => {
  const own = reviewOf({
    review: {
      customRules: {
        moment: {
          message: "Ask @lead <b>",
          languages: ["TypeScript"],
          pattern: 'import $A from "moment"',
          severity: "failure",
        },
        host: { message: "No hosts.", line: "\\.corp\\b", paths: ["conf/**", "src/**"] },
      },
    },
  });
  const files = [
    { path: "src/a.ts", after: 'import m from "moment";\nconst host = "y.corp";\n' },
    { path: "conf/a.txt", after: "x\ny.corp\n" },
    { path: "other/a.txt", after: "y.corp\n" },
  ];
  const decision = await agent.decide(subject(files), own);
  expect(decision.reviewed?.findings.map(({ rule, path, line }) => [rule, path, line])).toEqual([
    ["custom/moment", "src/a.ts", 1],
    ["custom/host", "conf/a.txt", 2],
    ["custom/host", "src/a.ts", 2],
  ]);
  const review = decision.effects.find((effect) => effect.kind === "review");
  expect(review?.comments[0]?.body).toContain("Ask @\u200blead \\<b\\>");
});

it("reports a rule with a broken pattern, and runs the others", async () => {
  const own = reviewOf({
    review: { customRules: { broken: { message: "x", languages: ["TypeScript"], rule: { kind: "no_such_kind" } } } },
  });
  const decision = await agent.decide(subject([planted]), own);
  const check = decision.effects.find((effect) => effect.kind === "check-run");
  expect(decision.reviewed?.findings.map(({ rule }) => rule)).toEqual(["focused-test"]);
  expect(check?.summary).toContain("- `src/a.test.ts`: the parser does not take the pattern of `custom/broken`");
});

it("renders hostile names and lines only as code", async () => {
  const path = "src/`@team` <img src=x>.test.ts";
  const line = 'it.only("```\\n@octocat [x](https://evil.test) <script>", () => {});';
  const files = [
    { path, after: `${line}\n` },
    ...Array.from({ length: 5 }, (_, index) => ({ path: `${path}${index}.test.ts`, after: `${line}\n` })),
  ];
  const { review, check } = await decide(subject(files));
  const bodies = [review?.body, check?.summary, ...(review?.comments.map(({ body }) => body) ?? [])].map((body) =>
    outsideOfCode(body ?? ""),
  );
  for (const body of bodies) expect(body).not.toMatch(/@|evil|img|script/);
});

/** What GitHub would interpret: without code blocks, code spans and our own tags. */
function outsideOfCode(markdown: string): string {
  return markdown
    .replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?^\1$/gm, "")
    .replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
}

it("posts findings of a second reader like the others, with a label", async () => {
  const file: GivenFile = { path: "docs/a.md", after: "Text.\n" };
  const reading = codeReviewAgent(inspector, "a key for tests, 32 characters or more", ({ found }) => {
    expect(found).toEqual([]);
    const finding = { rule: "model/bug", severity: "warning", source: "model", says: say`wrong`, why: null } as const;
    const place = { path: "docs/a.md", line: 1, endLine: 1, quote: "Text.", replacement: null, fingerprint: "f" };
    return Promise.resolve({ findings: [{ ...finding, ...place }], reason: "one of one held" });
  });
  const decision = await reading.decide(subject([file]), settings);
  expect(decision.reviewed).toMatchObject({ secondReading: "one of one held", fresh: [{ rule: "model/bug" }] });
  const told = decision.effects.find((effect) => effect.kind === "review");
  expect(told?.comments[0]?.body).toContain("`model/bug` (found by a model, not by a rule): wrong");
});
