import { canonicalJson } from "../../effects/intent.js";
import { describe, expect, it } from "vitest";
import { type EndedDeployment, decideReport, MOST_COMMENTED, type ReportedPull } from "./report.js";
import { deploymentSettings } from "./settings.js";

const SHA = "a".repeat(40);
const NOW = new Date("2026-11-30T10:00:00Z");
const all = deploymentSettings.parse({ summary: true, comments: true, incidents: true });
const deployed = (id: bigint, sha: string) => ({ id, sha, environment: "production", createdAt: NOW, statuses: [] });

const pulls = (count: number): ReportedPull[] =>
  Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    title: `Change ${index + 1} @everyone`,
    author: "ann",
    live: [{ environment: "production", sha: SHA }],
  }));

const ended = (more: Partial<EndedDeployment> & { readonly count?: number } = {}): EndedDeployment => ({
  repository: { id: 1n, owner: "acme", name: "shop" },
  deployment: deployed(9n, SHA),
  state: "succeeded",
  at: NOW,
  newest: true,
  range: { from: deployed(8n, "b".repeat(40)), commits: 3, complete: true, pulls: pulls(more.count ?? 2), back: false },
  incident: null,
  ...more,
});
const kinds = (of: EndedDeployment, settings = all) => decideReport(of, settings).effects.map(({ kind }) => kind);

describe("after a deployment", () => {
  it("nothing is written unless the settings choose it", () => {
    expect(kinds(ended(), deploymentSettings.parse({}))).toEqual([]);
    expect(kinds(ended({ state: "failed" }), deploymentSettings.parse({}))).toEqual([]);
  });

  it("a success is one check on the commit, and one comment for each pull request", () => {
    expect(kinds(ended())).toEqual(["check-run", "comment", "comment"]);
    const [check] = decideReport(ended(), all).effects;
    expect(check).toMatchObject({ headSha: SHA, conclusion: "success", name: "companyos / deployed (production)" });
    expect(canonicalJson(check)).toContain("#1 Change 1 @\u200beveryone by `ann`");
  });

  it("500 pull requests cost one write, and the list is cut", () => {
    expect(kinds(ended({ count: MOST_COMMENTED + 1 }))).toEqual(["check-run"]);
    const { effects } = decideReport(ended({ count: 500 }), all);
    expect(effects).toHaveLength(1);
    expect(canonicalJson(effects[0])).toContain("- and 300 more");
  });

  it("a failure opens one incident issue a streak, and names the last commit that ran", () => {
    const first = decideReport(ended({ state: "failed" }), all).effects;
    expect(first).toMatchObject([{ kind: "issue", state: "open", incident: "deployment/production/9" }]);
    expect(canonicalJson(first)).toContain("b".repeat(40));
    const incident = { key: "deployment/production/7", state: "open", changedAt: NOW } as const;
    expect(decideReport(ended({ state: "failed", incident }), all).effects).toMatchObject([{ incident: incident.key }]);
  });

  it.each([
    [9, "deployment/production/7"],
    [11, "deployment/production/9"],
  ])("a streak that begins %i days after the last one ended is in %s", (days, key) => {
    const changedAt = new Date(NOW.getTime() - days * 86_400_000);
    const incident = { key: "deployment/production/7", state: "closed", changedAt } as const;
    expect(decideReport(ended({ state: "failed", incident }), all).effects).toMatchObject([
      { incident: key, state: "open" },
    ]);
  });

  it("the next success closes the incident, and a late result of an older deployment changes nothing", () => {
    const incident = { key: "deployment/production/7", state: "open", changedAt: NOW } as const;
    expect(decideReport(ended({ incident, count: 0 }), all).effects.at(-1)).toMatchObject({
      kind: "issue",
      state: "closed",
    });
    expect(kinds(ended({ incident, newest: false, count: 0 }))).toEqual(["check-run"]);
    expect(kinds(ended({ state: "failed", newest: false }))).toEqual([]);
  });

  it("a rollback is called one", () => {
    const range = { from: deployed(8n, "b".repeat(40)), commits: 0, complete: true, pulls: [], back: true };
    expect(canonicalJson(decideReport(ended({ range }), all).effects[0])).toContain(
      "A rollback from `bbbbbbb` to `aaaaaaa`.",
    );
  });
});
