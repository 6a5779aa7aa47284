import { afterAll, describe, expect, it } from "vitest";
import type { Answer, Model, Question, Unanswered } from "../../model/model.js";
import { toPlain } from "../../../text/markdown.js";
import { codeReviewAgent, type ReviewDecision } from "../agent.js";
import { parseCodeowners } from "../codeowners/parse.js";
import { givenChange, type GivenFile, reviewOf } from "../given.js";
import { openInspector } from "../inspect/child-process.js";
import type { ReviewSubject, StoredFinding } from "../subject.js";
import { modelReader } from "./model-reader.js";

const inspector = openInspector();
afterAll(() => inspector.close());

const file: GivenFile = {
  path: "src/a.ts",
  before: "const a = 1;\n",
  after: "const a = 1;\nif (a = 2) go();\nstop();\n",
};
const claim = { file: 0, line: 2, quote: "if (a = 2) go();", kind: "wrong-condition" };
const stands = { verdicts: [{ finding: 0, verdict: "stands" }] };
const cannot = (failure: Unanswered["failure"]): Unanswered => ({ kind: "unanswered", failure, usage: null });

/** Answers the questions in this order, and keeps them. */
function scripted(...answers: readonly unknown[]): Model & { readonly asked: Question<unknown>[] } {
  const asked: Question<unknown>[] = [];
  return {
    name: "p/m",
    asked,
    ask: <T>(question: Question<T>): Promise<Answer<T>> => {
      const given = answers[asked.length];
      asked.push(question);
      if (isUnanswered(given)) return Promise.resolve(given);
      const usage = { inputTokens: 1, outputTokens: 1 };
      return Promise.resolve({ kind: "answered", value: question.schema.parse(given), usage });
    },
  };
}

function isUnanswered(given: unknown): given is Unanswered {
  return typeof given === "object" && given !== null && "failure" in given;
}

async function review(
  model: Model | null,
  files: readonly GivenFile[] = [file],
  known: readonly StoredFinding[] = [],
  modelWanted = true,
): Promise<ReviewDecision> {
  const subject: ReviewSubject = {
    repository: { id: 1n, owner: "acme", name: "shop" },
    headSha: "a".repeat(40),
    askedBy: null,
    skip: {
      state: "open",
      draft: false,
      author: "octocat",
      labels: [],
      paths: files.map(({ path }) => path),
      headSha: "a".repeat(40),
      lastReviewedSha: null,
      onlyMerges: false,
      asked: false,
    },
    change: givenChange(files, { title: "TITLE", body: "BODY" }),
    carried: new Map(),
    mayResolveThreads: true,
    reviewStands: false,
    unlisted: 0,
    missing: [],
    lastCheck: null,
    known,
    ignoredRules: new Set(),
    records: [],
    reviewers: {
      codeowners: parseCodeowners(""),
      history: new Map(),
      openReviews: new Map(),
      involved: [],
      available: null,
    },
    authorEarlier: 1,
    rulesUrl: null,
  };
  const agent = codeReviewAgent(inspector, "a key for tests, 32 characters or more", modelReader(model));
  return agent.decide(subject, { ...reviewOf(), model: modelWanted });
}

const modelFindings = ({ reviewed }: ReviewDecision) =>
  reviewed?.findings.filter(({ source }) => source === "model") ?? [];

describe("a claim", () => {
  it("posts a claim that quotes an added line and is not refuted, in the app's words and labelled", async () => {
    const decision = await review(scripted({ findings: [claim] }, stands));
    expect(modelFindings(decision)).toMatchObject([
      { rule: "model/wrong-condition", path: "src/a.ts", line: 2, severity: "notice", quote: "if (a = 2) go();" },
    ]);
    expect(decision.reviewed?.secondReading).toBe("p/m: 1 claims, 1 with an exact quote, 1 not refuted");
    const told = decision.effects.find((effect) => effect.kind === "review");
    expect(told?.comments.map(({ body }) => body).join()).toContain("found by a model");
  });

  it.each([
    ["quotes another text", { ...claim, quote: "if (a == 2) go();" }],
    ["quotes part of a line", { ...claim, quote: "if (a = 2)" }],
    ["is about another line", { ...claim, line: 3 }],
    ["is about a line that was there before", { ...claim, line: 1, quote: "const a = 1;" }],
    ["is about a file that is not there", { ...claim, file: 1 }],
  ])("drops a claim that %s, and asks no further question", async (_name, wrong) => {
    const model = scripted({ findings: [wrong] });
    expect(modelFindings(await review(model))).toEqual([]);
    expect(model.asked).toHaveLength(1);
  });

  it.each([
    ["refuted", { verdicts: [{ finding: 0, verdict: "refuted" }] }],
    ["not mentioned again", { verdicts: [] }],
    ["both refuted and not", { verdicts: [...stands.verdicts, { finding: 0, verdict: "refuted" }] }],
  ])("that is %s is dropped", async (_name, verdicts) => {
    expect(modelFindings(await review(scripted({ findings: [claim] }, verdicts)))).toEqual([]);
  });

  it("is one of three at most", async () => {
    const lines = ["aaaa();", "bbbb();", "cccc();", "dddd();", "eeee();"];
    const findings = lines.map((quote, index) => ({ file: 0, line: index + 1, quote, kind: "race" }));
    const verdicts = lines.map((_line, finding) => ({ finding, verdict: "stands" }));
    const given = { path: "src/b.ts", after: `${lines.join("\n")}\n` };
    expect(modelFindings(await review(scripted({ findings }, { verdicts }), [given]))).toHaveLength(3);
  });
});

it("posts a claim once; dismissed it is muted, and without its line it is fixed", async () => {
  const [first] = modelFindings(await review(scripted({ findings: [claim] }, stands)));
  if (!first) throw new Error("a finding");
  const known: StoredFinding = {
    fingerprint: first.fingerprint,
    rule: first.rule,
    path: first.path,
    severity: "notice",
    source: "model",
    says: "x",
    state: "open",
    threadId: "t",
    commentId: "c",
    answered: false,
    body: null,
    resolved: false,
  };
  const silent = { findings: [] };
  const again = await review(scripted(silent), [file], [known]);
  expect(again.reviewed).toMatchObject({ fresh: [], repeated: [{ rule: first.rule }], fixed: [] });
  expect((await review(null, [file], [known])).reviewed?.repeated).toHaveLength(1);
  const dismissed = await review(scripted({ findings: [claim] }, stands), [file], [{ ...known, state: "dismissed" }]);
  expect(dismissed.reviewed).toMatchObject({ fresh: [], silenced: [{ rule: first.rule }] });
  const mended = { ...file, after: "const a = 1;\nif (a === 2) go();\nstop();\n" };
  expect((await review(scripted(silent), [mended], [known])).reviewed?.fixed).toHaveLength(1);
});

it("the model sees no names, titles, descriptions, removed lines or secrets", async () => {
  const token = ["ghp", "k3J9x2Qw7Lm4Zp8Rt6Vb1Nc5Yd0Hf2Gs4Aq8"].join("_");
  const hidden: GivenFile = {
    path: "src/PATH.ts",
    before: "REMOVED();\n",
    after: `const token = "${token}";\nSHOWN();\n`,
  };
  const model = scripted({ findings: [] });
  await review(model, [hidden]);
  const sent = model.asked.map(({ system, prompt }) => system + prompt).join();
  expect(sent).toContain("+2: SHOWN();");
  for (const text of [token, "PATH", "TITLE", "BODY", "REMOVED"]) expect(sent).not.toContain(text);
});

it.each([["malformed"], ["refused"], ["too-slow"], ["over-budget"]] as const)(
  "completes the review with a model that is %s, and reports it",
  async (failure) => {
    const decision = await review(scripted(cannot(failure)));
    expect(decision.reviewed).toMatchObject({ findings: [], secondReading: `p/m: no answer: ${failure}` });
    expect(decision.effects).toMatchObject([{ kind: "check-run", conclusion: "success" }]);
    const unchecked = await review(scripted({ findings: [claim] }, cannot(failure)));
    expect(modelFindings(unchecked)).toEqual([]);
  },
);

it("is not asked without need", async () => {
  const model = scripted();
  expect((await review(model, [file], [], false)).reviewed?.secondReading).toContain(
    "review.model is off in the settings",
  );
  expect((await review(model, [{ path: "a.md", after: "x\n" }])).reviewed?.secondReading).toContain(
    "the change adds no source lines",
  );
  expect((await review(null)).reviewed?.secondReading).toBeNull();
  expect(model.asked).toEqual([]);
  expect(modelFindings(await review(null)).map(({ says }) => toPlain(says))).toEqual([]);
});
