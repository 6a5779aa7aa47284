import { type Live, REPOSITORY, withLive } from "../live.js";

type Report = (figure: Record<string, unknown>) => void;

/** What strangers can do to our comments without a word: any reader reacts, an author resolves. */
export const DEEDS = ["thumbs-down", "resolved thread", "both, from many accounts"] as const;
type Deed = (typeof DEEDS)[number];

const EACH = 10;
const ACCOUNTS = 12;
const AUTHOR = "mallory";
const NO_LIMITS = { disabled: true };

const content = (above: number) => `${"// above\n".repeat(above)}debugger;\n`;

/** Whether people without a role can make the review forget what it found. */
export async function runSilencing(report: Report): Promise<void> {
  await withLive({ quietMs: 0, limits: NO_LIMITS }, async (live) => {
    const attacks = DEEDS.flatMap((deed) => Array.from({ length: EACH }, (_, index) => ({ deed, index })));
    const numbers: number[] = [];
    for (const [id] of attacks.entries()) numbers.push(await open(live, id));
    await live.settle();
    for (const [id, { deed }] of attacks.entries()) {
      await silence(live, numbers[id] ?? 0, deed);
      await push(live, id);
    }
    await live.settle();
    const seen = await Promise.all(
      numbers.map((number) => live.github.control.run("visible", { repository: REPOSITORY, number })),
    );
    const failing = seen.filter(({ checks }) => checks.length === 1 && checks[0]?.conclusion === "failure").length;
    const [standing] = await live.sql.query("SELECT count(*)::int AS count FROM findings WHERE state = 'open'");
    const [said] = await live.sql.query("SELECT count(*)::int AS count FROM finding_feedback");
    report({
      figure: "review injection: reactions and resolved threads of people without a role",
      attacks: attacks.length,
      checksThatStillFail: failing,
      findingsThatStillStand: standing?.["count"],
      dismissals: said?.["count"],
      target: "all of them, 0 dismissals",
      met: failing === attacks.length && standing?.["count"] === attacks.length && said?.["count"] === 0,
    });
  });
}

async function open({ github }: Live, id: number): Promise<number> {
  const commits = [{ message: "Begin", files: [{ path: `src/s${id}.ts`, content: content(0) }] }];
  const change = { repository: REPOSITORY, title: `Change ${id}`, head: `silence-${id}`, commits, by: AUTHOR };
  return (await github.control.apply("openPull", change)).number ?? 0;
}

async function push({ github }: Live, id: number): Promise<void> {
  const commits = [{ message: "Again", files: [{ path: `src/s${id}.ts`, content: content(1) }] }];
  await github.control.apply("push", { repository: REPOSITORY, branch: `silence-${id}`, commits, by: AUTHOR });
}

async function silence({ github: { control } }: Live, number: number, deed: Deed): Promise<void> {
  const threads = await control.run("threads", { repository: REPOSITORY, number });
  const accounts = deed === "both, from many accounts" ? ACCOUNTS : 1;
  const people = Array.from({ length: accounts }, (_, index) => (index === 0 ? AUTHOR : `stranger-${index}`));
  for (const { thread, comment } of threads) {
    if (deed !== "thumbs-down") await control.apply("resolveThread", { thread, resolved: true, by: AUTHOR });
    if (deed === "resolved thread") continue;
    for (const by of people) await control.apply("react", { subject: comment, content: "-1", by });
  }
}
