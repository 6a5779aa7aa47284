import { afterAll, expect, it } from "vitest";
import { codeReviewAgent } from "./agent.js";
import { type GivenFile, reviewOf } from "./given.js";
import { givenSubject } from "./given-subject.js";
import { openInspector } from "./inspect/child-process.js";
import type { ReviewSubject, StoredFinding } from "./subject.js";

const inspector = openInspector();
afterAll(() => inspector.close());
const agent = codeReviewAgent(inspector, "a key for tests, 32 characters or more");
const planted: GivenFile = { path: "src/a.test.ts", after: 'it.only("a", () => {});\nf();\n' };
const fixed: GivenFile = { ...planted, after: "f();\n" };
const CLOSING: readonly string[] = ["resolve-thread", "review-comment", "minimise-comment"];
const BODY = "**failure** x\n\n<!-- companyos:finding=f -->";

async function effectsOf(file: GivenFile, more: Partial<ReviewSubject> = {}) {
  const { effects } = await agent.decide(givenSubject([file], more), reviewOf());
  return effects.filter(({ kind }) => CLOSING.includes(kind));
}

async function told(change: Partial<StoredFinding>): Promise<readonly StoredFinding[]> {
  const { reviewed } = await agent.decide(givenSubject([planted]), reviewOf());
  return (reviewed?.fresh ?? []).map(({ fingerprint, rule, path }) => ({
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
    body: BODY,
    resolved: false,
    ...change,
  }));
}

it("comments since when a finding is fixed, if the App may not resolve its thread", async () => {
  const effects = await effectsOf(fixed, { known: await told({}), mayResolveThreads: false });
  expect(effects).toMatchObject([
    { kind: "review-comment", nodeId: "C", body: `**Fixed** in abc.\n\n${BODY}` },
    { kind: "minimise-comment", nodeId: "C" },
  ]);
});

it("comments again when a returned finding is fixed again", async () => {
  const known = await told({ body: `**Fixed** in 1234567.\n\n${BODY}` });
  const [edit] = await effectsOf(fixed, { known, mayResolveThreads: false });
  expect(edit).toMatchObject({ body: `**Fixed** in abc.\n\n${BODY}` });
});

it("closes the threads of a rule that is ignored, once", async () => {
  const ignored = { ignoredRules: new Set(["focused-test"]) };
  const kinds = async (change: Partial<StoredFinding>, mayResolveThreads: boolean) => {
    const known = await told({ state: "ignored", ...change });
    return (await effectsOf(planted, { ...ignored, known, mayResolveThreads })).map(({ kind }) => kind);
  };
  expect(await kinds({}, true)).toEqual(["resolve-thread", "minimise-comment"]);
  expect(await kinds({ resolved: true }, true)).toEqual([]);
  expect(await kinds({}, false)).toEqual(["review-comment", "minimise-comment"]);
  expect(await kinds({ body: `**Ignored** in this pull request.\n\n${BODY}` }, false)).toEqual([]);
});

it("puts a secret before conflicts of the same severity, whatever the paths", async () => {
  const conflict = "<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n";
  const files = [
    { path: "a.ts", after: conflict },
    { path: "z.ts", after: `const token = "ghp_${"A1b2C3d4".repeat(4)}wxyz";\n` },
  ];
  const { reviewed } = await agent.decide(givenSubject(files), reviewOf());
  expect(reviewed?.fresh.map(({ rule }) => rule)[0]).toBe("secret");
});
