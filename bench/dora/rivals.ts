import { coursesOf } from "../../src/reports/dora/compute.js";
import { readRows } from "../../src/reports/dora/read.js";
import { DEFAULT_RULES, type DoraRows } from "../../src/reports/dora/rows.js";
import type { Store } from "../../src/store/store.js";
import { devlake, type DevlakeRule } from "./devlake.js";
import { REPOSITORY } from "./script.js";
import { emptyMirror, store } from "./mirror.js";
import { HOUR, START, World } from "./world.js";

/** A public bug of DevLake as a history: what both say, and what is right. */
interface Case {
  readonly issue: string;
  readonly rule: DevlakeRule;
  readonly right: string;
  play(world: World): void;
  /** Rows that were collected: DevLake's window may begin later. */
  collected?(rows: DoraRows): DoraRows;
  /** What is asked of both. */
  ask(answers: Answers): readonly [ours: string, theirs: string];
}

interface Answers {
  /** The lead time of pull request 1 in hours. */
  readonly lead: readonly [ours: number | null, theirs: number | null];
  /** The deployment that incident 5 blames. */
  readonly blamed: readonly [ours: string | null, theirs: string | null];
}

const say = ([ours, theirs]: readonly [number | string | null, number | string | null]) =>
  [String(ours ?? "unknown"), String(theirs ?? "unknown")] as const;
const since = (hour: number) => (rows: DoraRows) => ({
  ...rows,
  deployments: rows.deployments.filter(({ createdAt }) => createdAt >= START + hour * HOUR),
});
const key = (deployment: number): string => `github:${REPOSITORY * 10_000 + deployment}`;

function trunk(w: World, names: string, from: string | null, at: number): void {
  let parent = from ?? "";
  for (const [index, name] of names.split(" ").entries()) {
    w.c(name, parent, at + index);
    w.push(parent, name, at + index);
    parent = name;
  }
}

function pull(w: World, parent: string, at: number): void {
  w.c("x", parent, at);
  w.push("", "x", at, "topic-1");
  w.c("m", parent, at + 1);
  w.push(parent, "m", at + 1);
  w.pr(1, { head: "x", merge: "m", at: at + 1 });
}

const CASES: readonly Case[] = [
  {
    issue: "#7193: the first deployment takes every old pull request",
    rule: "first",
    right: "unknown",
    play(w) {
      trunk(w, "a", null, 0);
      pull(w, "a", 2);
      trunk(w, "b", "m", 700);
      w.d(1, "production", "b", 701);
    },
    ask: ({ lead }) => say(lead),
  },
  {
    issue: "#8188: after a way back, a pull request of the first deployment is taken for new",
    rule: "chain",
    right: "unknown",
    play(w) {
      trunk(w, "a", null, 0);
      pull(w, "a", 2);
      w.d(1, "production", "m", 5);
      w.d(2, "production", "a", 6);
      trunk(w, "b", "m", 700);
      w.d(3, "production", "b", 701);
    },
    ask: ({ lead }) => say(lead),
  },
  {
    issue: "#8790: the first deployment that is collected takes what was deployed before it",
    rule: "direct",
    right: "unknown",
    play(w) {
      trunk(w, "a", null, 0);
      w.d(1, "production", "a", 1);
      pull(w, "a", 2);
      w.d(2, "production", "m", 5);
      w.d(3, "production", "m", 700);
    },
    collected: since(600),
    ask: ({ lead }) => say(lead),
  },
  {
    issue: "#5909: a squashed pull request whose branch was deployed has no deployment",
    rule: "direct",
    right: "3",
    play(w) {
      trunk(w, "a", null, 0);
      w.d(1, "production", "a", 1);
      pull(w, "a", 2);
      w.d(2, "production", "x", 5, { ref: "topic-1" });
    },
    ask: ({ lead }) => say(lead),
  },
  {
    issue: "#4989: an incident blames the latest deployment, and another one for another window",
    rule: "direct",
    right: key(2),
    play(w) {
      trunk(w, "a", null, 0);
      w.d(1, "production", "a", 1);
      trunk(w, "b", "a", 2);
      w.d(2, "production", "b", 3);
      trunk(w, "c", "b", 10);
      w.d(3, "production", "c", 11);
      w.incident(5, 12, 13, `Caused by deployment ${REPOSITORY * 10_000 + 2}`);
    },
    ask: ({ blamed }) => say(blamed),
  },
];

export interface Verdict {
  readonly issue: string;
  readonly right: string;
  readonly ours: string;
  readonly theirs: string;
}

export async function rivalVerdicts(of: Store): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { issue, rule, right, play, collected = (rows: DoraRows) => rows, ask } of CASES) {
    const world = new World(REPOSITORY);
    play(world);
    await emptyMirror(of);
    for (const { handler, payload } of world.deliveries) await store(of, handler.read(payload).facts);
    await store(of, world.reads());
    const all = await readRows(of.sql, { repositories: null, incidentLabels: ["incident"], files: false });
    const rows = collected(all);
    const theirs = devlake(rows, rule);
    const courses = coursesOf(rows, [{ name: "", repositories: [REPOSITORY], owns: null, rules: DEFAULT_RULES }]);
    const judged = courses.find(({ environment }) => environment === "production")?.judged ?? [];
    const arrival = judged.flatMap(({ arrivals }) => arrivals ?? []).find(({ change }) => change.key === "#1");
    const blamed = judged.find(({ failure }) => failure?.incident?.number === 5);
    const hours = (ms: number | null | undefined): number | null => (ms == null ? null : ms / HOUR);
    const [ours, other] = ask({
      lead: [hours(arrival?.lead), hours(theirs.leads.get(1))],
      blamed: [blamed?.attempt.rows[0].key ?? null, theirs.incidents.get(5) ?? null],
    });
    verdicts.push({ issue, right, ours, theirs: other });
  }
  return verdicts;
}
