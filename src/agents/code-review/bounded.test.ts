import { afterAll, describe, expect, it } from "vitest";
import { writesOf } from "../../effects/effect.js";
import { codeReviewAgent } from "./agent.js";
import { reviewOf } from "./given.js";
import { givenSubject as subject } from "./given-subject.js";
import { openInspector } from "./inspect/child-process.js";
import type { ReviewSubject, StoredFinding } from "./subject.js";

const inspector = openInspector({ fileMs: 60_000, maxLength: 1_000_000 });
afterAll(() => inspector.close());
const agent = codeReviewAgent(inspector, "a key for tests, 32 characters or more");

async function decide(given: ReviewSubject) {
  const decision = await agent.decide(given, reviewOf({ review: { riskLabels: true } }));
  const kinds = decision.effects.map(({ kind }) => kind);
  return { decision, kinds, check: decision.effects.find((effect) => effect.kind === "check-run") };
}

describe("a change with very many findings", () => {
  const writes = ({ decision }: Awaited<ReturnType<typeof decide>>) =>
    decision.effects.reduce((sum, effect) => sum + writesOf(effect), 0);

  it("keeps the first of 90,000 conflict markers and counts the rest", { timeout: 60_000 }, async () => {
    const after = "<<<<<<< a\n".repeat(90_000);
    const decided = await decide(subject([{ path: "a.txt", after }]));
    expect(decided.decision.reviewed?.findings).toHaveLength(100);
    expect(decided.check?.summary).toContain("89900 more findings of `conflict-marker`, not shown");
    expect(decided.check?.conclusion).toBe("failure");
    expect(writes(decided)).toBeLessThanOrEqual(20);
  });

  it("in many files stays within the write limit of one head", { timeout: 60_000 }, async () => {
    const after = "<<<<<<< a\n".repeat(100);
    const files = Array.from({ length: 15 }, (_, index) => ({ path: `${index}.txt`, after }));
    const known = Array.from({ length: 40 }, (_, index) => gone(index));
    const decided = await decide(subject(files, { known }));
    expect(decided.decision.reviewed?.findings).toHaveLength(1_000);
    expect(decided.check?.summary).toContain("500 more findings of `conflict-marker`, not shown");
    expect(writes(decided)).toBeLessThanOrEqual(19);
    const resolved = decided.kinds.filter((kind) => kind === "resolve-thread").length;
    expect(decided.decision.reviewed).toMatchObject({ fixed: known.slice(0, resolved), later: known.slice(resolved) });
    expect(decided.check?.summary).toContain(`${40 - resolved} more fixed: their threads are resolved`);
  });

  it("resolves every thread of an ordinary push before it folds comments away", async () => {
    const known = Array.from({ length: 10 }, (_, index) => gone(index));
    const decided = await decide(subject([{ path: "a.txt", after: "x\n" }], { known }));
    expect(decided.kinds.filter((kind) => kind === "resolve-thread")).toHaveLength(10);
    expect(decided.decision.reviewed).toMatchObject({ fixed: known, later: [] });
    expect(writes(decided)).toBeLessThanOrEqual(19);
  });

  const gone = (index: number): StoredFinding => ({
    fingerprint: `gone ${index}`,
    rule: "focused-test",
    path: index % 2 === 0 ? "0.txt" : "gone.ts",
    severity: "failure",
    source: "rule",
    says: "x",
    state: "open",
    threadId: `T${index}`,
    commentId: `C${index}`,
    body: `**failure** ${index}`,
    resolved: false,
    answered: false,
  });
});
