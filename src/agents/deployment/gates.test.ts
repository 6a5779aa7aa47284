import { describe, expect, it } from "vitest";
import { type GateFacts, gates, type HeldLock, withoutWaived } from "./gates.js";
import { type Reason, REASONS } from "./refusal.js";
import { deploymentSettings } from "./settings.js";

const SHA = "a".repeat(40);
const OTHER = "b".repeat(40);
const NOW = new Date("2026-11-28T10:00:00Z");

const settings = deploymentSettings.parse({
  environments: {
    staging: {},
    production: { role: "write", checks: ["test"], approvals: 1, after: "staging", bakeMinutes: 30, maxCommits: 10 },
  },
  freezes: [{ name: "freeze", environments: ["production"], days: ["sun"], from: "00:00", to: "23:59" }],
});

const open: GateFacts = {
  environment: "production",
  sha: SHA,
  now: NOW,
  missingPermission: null,
  actor: { login: "ann", role: "write" },
  origin: "branch",
  required: ["test"],
  checks: [{ name: "test", state: "passed" }],
  approvedBy: ["bob"],
  earlier: { sha: SHA, since: new Date("2026-11-28T09:00:00Z") },
  commits: 3,
  locks: [],
  movedTo: null,
};

const lock: HeldLock = {
  of: "production",
  kind: "manual",
  holder: "bob",
  reason: "a release",
  until: null,
  own: false,
  release: "/unlock production",
};

/** For each reason the facts that give it, alone. */
const CLOSED: Readonly<Record<Exclude<Reason, "unknown-commit" | "ambiguous-commit">, readonly Partial<GateFacts>[]>> =
  {
    "not-permitted": [{ missingPermission: "deployments: write" }],
    "unknown-environment": [{ environment: "prod" }, { environment: "constructor" }, { environment: "__proto__" }],
    role: [{ actor: null }, { actor: { login: "ann", role: "triage" } }, { actor: { login: "ann", role: "none" } }],
    "head-moved": [{ movedTo: OTHER }],
    "fork-commit": [{ origin: "fork" }],
    "unknown-origin": [{ origin: "unknown" }],
    "checks-failed": [{ checks: [{ name: "test", state: "failed" }] }],
    "checks-pending": [{ checks: [{ name: "test", state: "pending" }] }],
    "checks-unknown": [{ checks: null }, { checks: [] }, { checks: [{ name: "Test", state: "passed" }] }],
    approvals: [{ approvedBy: [] }, { approvedBy: null }],
    order: [{ earlier: null }, { earlier: { sha: OTHER, since: NOW } }, { earlier: { sha: SHA, since: null } }],
    baking: [{ earlier: { sha: SHA, since: new Date("2026-11-30T09:30:01Z") } }],
    "too-many-commits": [{ commits: 11 }, { commits: null }],
    frozen: [{ now: new Date("2026-11-29T10:00:00Z") }, { locks: [{ ...lock, kind: "freeze", own: true }] }],
    locked: [{ locks: [lock] }, { locks: [{ ...lock, kind: "deployment" }] }],
  };

const codes = (facts: Partial<GateFacts>, own = settings) => gates({ ...open, ...facts }, own).map(({ code }) => code);
const together = (all: readonly Partial<GateFacts>[]) =>
  all.reduce<Partial<GateFacts>>((facts, each) => ({ ...facts, ...each }), {});
const cases = Object.entries(CLOSED).flatMap(([code, all]) => all.map((facts) => [code, facts] as const));

describe("the gates", () => {
  it("allow a deployment if each gate is open", () => {
    expect(codes({})).toEqual([]);
    expect(codes({ locks: [{ ...lock, own: true }] })).toEqual([]);
    expect(codes({ earlier: { sha: SHA, since: new Date("2026-11-28T09:30:00Z") }, commits: 10 })).toEqual([]);
  });

  it.each(cases)("refuse for %s alone: %j", (code, facts) => {
    expect(codes(facts)).toEqual([code]);
  });

  it("name each refusal and the person who can clear it, in one sentence", () => {
    for (const [, facts] of cases)
      for (const refusal of gates({ ...open, ...facts }, settings)) {
        expect(refusal.sentence).toMatch(/^[A-Za-z].*\.$/s);
        expect(refusal.clearedBy.length).toBeGreaterThan(3);
      }
  });

  it("name both of every pair of closed gates, in one order", () => {
    const order = Object.keys(REASONS);
    let pairs = 0;
    for (const [first, some] of cases)
      for (const [second, others] of cases) {
        if (first >= second || Object.keys(some).some((key) => key in others)) continue;
        if ([first, second].includes("unknown-environment")) continue;
        pairs += 1;
        const both = codes({ ...some, ...others });
        const expected = [first, second].sort((a, b) => order.indexOf(a) - order.indexOf(b));
        expect(both, `${first} and ${second}`).toEqual(expected);
      }
    expect(pairs).toBeGreaterThan(200);
  });

  it("stay closed whatever else is open: no fact opens another gate", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 2_000; round += 1) {
      const chosen = cases.filter(() => random(4) === 0);
      const facts = together(chosen.map(([, each]) => each));
      const refused = codes(facts);
      // Of two facts of a kind the last one counts: what it closes is among the refusals.
      const holds = (each: Partial<GateFacts>) =>
        Object.entries(each).every(([key, value]) => Reflect.get(facts, key) === value);
      const wanted = chosen.filter(([, each]) => holds(each)).map(([code]) => code);
      const expected = facts.environment === undefined ? wanted : ["unknown-environment"];
      expect(refused).toEqual(expect.arrayContaining(expected));
      expect(refused.length > 0).toBe(chosen.length > 0);
    }
  });
});

it("an environment without settings needs a role, an origin and no lock", () => {
  const staging = {
    environment: "staging",
    checks: null,
    required: [],
    approvedBy: null,
    earlier: null,
    commits: null,
  };
  expect(codes(staging)).toEqual([]);
  expect(codes({ ...staging, required: null })).toEqual(["checks-unknown"]);
  expect(codes({ ...staging, required: ["lint"], checks: [] })).toEqual(["checks-unknown"]);
});

it("prefers the checks of the settings to those of the rules", () => {
  expect(codes({ required: ["lint"] })).toEqual([]);
});

it("an admin cannot override a lock, a role, an origin or a missing permission", () => {
  const everything = together(cases.filter(([code]) => code !== "unknown-environment").map(([, facts]) => facts));
  const left = withoutWaived(gates({ ...open, ...everything }, settings)).map(({ code }) => code);
  expect(left).toEqual(["not-permitted", "role", "head-moved", "unknown-origin", "locked"]);
});

it("a freeze says until when, and concerns the environments that it names", () => {
  const sunday = new Date("2026-11-29T10:00:00Z");
  const [frozen] = gates({ ...open, now: sunday }, settings);
  expect(frozen).toMatchObject({ code: "frozen", until: new Date("2026-11-29T23:59:00Z") });
  expect(frozen?.sentence).toBe("Deployments to production are frozen (freeze) until 2026-11-29 23:59 UTC.");
  expect(codes({ environment: "staging", now: sunday })).toEqual([]);
});
