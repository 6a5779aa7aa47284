import { lengthOf, rank, rarestTerms, type Terms, termsOf } from "../../src/agents/triage/duplicates.js";
import { createLog } from "../../src/log.js";
import { withTemporary } from "../../src/store/embedded/temporary.js";
import { openStore, type Sql } from "../../src/store/store.js";
import type { Hadoop, Report as BugReport } from "./hadoop.js";
import { shown } from "./labels.js";

type Report = (figure: Record<string, unknown>) => void;

const AT = [1, 3, 10] as const;
const MOST_CANDIDATES = 500;

/**
 * A query is a report with an earlier duplicate; candidates are all earlier reports. It counts as found at k when one of
 * its duplicates is among the first k.
 */
export async function runDuplicates(report: Report, { reports, pairs }: Hadoop): Promise<void> {
  const index = new Index();
  const duplicates = new Map<number, Set<number>>();
  const note = (id: number, other: number) => duplicates.set(id, (duplicates.get(id) ?? new Set()).add(other));
  for (const [id, other] of pairs) {
    note(id, other);
    note(other, id);
  }
  const queries: { readonly report: BugReport; readonly wanted: ReadonlySet<number>; readonly earlier: number }[] = [];
  const ranks: number[] = [];
  const times: number[] = [];
  const seen = new Set<number>();
  for (const [earlier, each] of reports.entries()) {
    const wanted = new Set([...(duplicates.get(each.id) ?? [])].filter((other) => seen.has(other)));
    if (wanted.size > 0) {
      const began = performance.now();
      const found = index.search(termsOf(each), 10);
      times.push(performance.now() - began);
      ranks.push(found.findIndex((number) => wanted.has(number)));
      queries.push({ report: each, wanted, earlier });
    }
    index.add(each.id, termsOf(each));
    seen.add(each.id);
  }
  const ours = recall(ranks);
  const theirs = await trigrams(reports, queries);
  report({
    bench: "triage",
    figure: "duplicates: recall at 1, 3, 10 on GitBugs Hadoop",
    queries: queries.length,
    bm25: ours,
    pg_trgm: theirs,
    met: (ours[1] ?? 0) >= 0.75 && (ours[1] ?? 0) - (theirs[1] ?? 0) >= 0.15,
  });
  times.sort((a, b) => a - b);
  report({
    bench: "triage",
    figure: "duplicates: one search over at most 2,503 reports, p95 ms",
    ms: shown(times[Math.floor(times.length * 0.95)] ?? 0),
  });
}

function recall(ranks: readonly number[]): readonly number[] {
  return AT.map((k) => shown(ranks.filter((rank) => rank >= 0 && rank < k).length / ranks.length) ?? 0);
}

/** What the app asks PostgreSQL for, in memory. */
class Index {
  readonly #postings = new Map<string, number[]>();
  readonly #terms = new Map<number, Terms>();
  #length = 0;

  add(number: number, terms: Terms): void {
    this.#terms.set(number, terms);
    this.#length += lengthOf(terms);
    for (const term of terms.keys()) {
      const postings = this.#postings.get(term);
      if (postings) postings.push(number);
      else this.#postings.set(term, [number]);
    }
  }

  search(query: Terms, most: number): readonly number[] {
    const issues = this.#terms.size;
    const corpus = {
      issues,
      averageLength: this.#length / Math.max(1, issues),
      frequency: (term: string) => this.#postings.get(term)?.length ?? 0,
    };
    const found = new Map<number, number>();
    for (const term of rarestTerms(query, corpus))
      for (const number of this.#postings.get(term) ?? []) found.set(number, (found.get(number) ?? 0) + 1);
    const candidates = [...found]
      .sort((a, b) => b[1] - a[1] || b[0] - a[0])
      .slice(0, MOST_CANDIDATES)
      .map(([number]) => ({ number, terms: this.#terms.get(number) ?? new Map<string, number>() }));
    return rank(query, candidates, corpus)
      .slice(0, most)
      .map(({ number }) => number);
  }
}

/** The similarity of titles by the extension that PostgreSQL ships, over the same earlier reports. */
async function trigrams(
  reports: readonly BugReport[],
  queries: readonly { readonly report: BugReport; readonly wanted: ReadonlySet<number>; readonly earlier: number }[],
): Promise<readonly number[]> {
  const log = createLog({ level: "warn" });
  let found: readonly number[] = [];
  await withTemporary({ prefix: "companyos-bench-", log, durable: false }, async (url) => {
    const store = openStore({ url, poolSize: 2, applicationName: "companyos bench" });
    try {
      await prepare(store.sql, reports);
      const ranks: number[] = [];
      for (const { report, wanted, earlier } of queries) {
        const rows = await store.sql.query(
          "SELECT id FROM bench_reports WHERE place < $2 ORDER BY similarity(title, $1) DESC, id LIMIT 10",
          [report.title, earlier],
        );
        ranks.push(rows.findIndex(({ id }) => wanted.has(Number(id))));
      }
      found = recall(ranks);
    } finally {
      await store.close();
    }
  });
  return found;
}

async function prepare(sql: Sql, reports: readonly BugReport[]): Promise<void> {
  await sql.query("CREATE EXTENSION IF NOT EXISTS pg_trgm");
  await sql.query("CREATE TABLE bench_reports (id bigint, place int, title text)");
  await sql.query("INSERT INTO bench_reports SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[])", [
    reports.map(({ id }) => id),
    reports.map((_, place) => place),
    reports.map(({ title }) => title),
  ]);
}
