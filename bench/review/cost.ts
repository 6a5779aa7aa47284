import { type Live, REPOSITORY, withLive } from "./live.js";

type Report = (figure: Record<string, unknown>) => void;

/** GraphQL has no diffs, and REST no batches: nobody can read a change and what is around it with fewer. */
const FEWEST_READS = 2;

interface Scenario {
  readonly name: string;
  play(live: Live): Promise<unknown>;
}

const file = (path: string, content: string) => ({ path, content });
const open = ({ github }: Live, title: string, head: string, files: readonly { path: string; content: string }[]) =>
  github.control.apply("openPull", { repository: REPOSITORY, title, head, commits: [{ message: title, files }] });
const push = ({ github }: Live, branch: string, files: readonly { path: string; content: string }[]) =>
  github.control.apply("push", { repository: REPOSITORY, branch, commits: [{ message: "More", files }] });

const DEFECT = "export const a = 1;\ndebugger;\n";

const SCENARIOS: readonly Scenario[] = [
  { name: "a clean change of one file", play: (live) => open(live, "Docs", "docs", [file("docs/a.md", "Text.\n")]) },
  {
    name: "three findings in three files",
    play: (live) =>
      open(
        live,
        "Three",
        "three",
        [1, 2, 3].map((each) => file(`src/${each}.ts`, DEFECT)),
      ),
  },
  {
    name: "a push that mends one of them",
    play: (live) => push(live, "three", [file("src/1.ts", "export const a = 1;\n")]),
  },
  {
    name: "a push that changes nothing of note",
    play: (live) => push(live, "three", [file("src/4.ts", "export {};\n")]),
  },
  {
    name: "a change of 120 files with one finding",
    play: (live) =>
      open(live, "Many", "many", [
        ...Array.from({ length: 119 }, (_, each) => file(`docs/${each}.md`, "Text.\n")),
        file("src/z.ts", DEFECT),
      ]),
  },
];

/** Requests of each review as GitHub counts them, beside the fewest with which the same could be posted. */
export async function runCost(report: Report): Promise<void> {
  await withLive({ quietMs: 0 }, async (live) => {
    for (const scenario of SCENARIOS) {
      const before = await counted(live);
      await scenario.play(live);
      await live.settle();
      const after = await counted(live);
      const posted = after.writes - before.writes;
      const reads = after.reads - before.reads;
      report({
        figure: `review cost: ${scenario.name}`,
        requests: reads + posted,
        reads,
        posted,
        fewest: FEWEST_READS + posted,
        ratio: Number(((reads + posted) / (FEWEST_READS + posted)).toFixed(2)),
      });
    }
  });
}

/** A token is good for an hour of reviews, and a read of the pull request settles a tie of deliveries. */
const NOT_A_REVIEWS = /access_tokens$|^GET \/app$|^GET \/repos\/[^/]+\/[^/]+\/pulls\/\d+$/;
const READ = /^GET |^POST REVIEW_/;

async function counted({ github }: Live): Promise<{ readonly reads: number; readonly writes: number }> {
  const { calls } = await github.control.run("counters", {});
  const entries = Object.entries(calls).filter(([name]) => !NOT_A_REVIEWS.test(name));
  const sum = (some: readonly (readonly [string, number])[]) => some.reduce((total, [, count]) => total + count, 0);
  const [reads, writes] = [entries.filter(([name]) => READ.test(name)), entries.filter(([name]) => !READ.test(name))];
  return { reads: sum(reads), writes: sum(writes) };
}
