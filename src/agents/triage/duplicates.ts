import { bareTitle, type IssueText, words } from "./text.js";

/** How often each term occurs in an issue; a term of the title counts three times. */
export type Terms = ReadonlyMap<string, number>;

export interface Candidate {
  readonly number: number;
  readonly terms: Terms;
}

export interface Ranked {
  readonly number: number;
  readonly score: number;
}

/** How often terms occur among the issues that are searched. */
export interface Corpus {
  readonly issues: number;
  readonly averageLength: number;
  frequency(term: string): number;
}

const TITLE_WEIGHT = 3;
const MOST_BODY = 20_000;
const MOST_WORDS = 1_000;
/** The most terms of an issue that select candidates. */
const RAREST = 24;
const K1 = 1.2;
const B = 0.75;

export function termsOf({ title, body }: IssueText): Terms {
  const terms = new Map<string, number>();
  const add = (term: string, weight: number) => {
    if (term.length > 1) terms.set(term, (terms.get(term) ?? 0) + weight);
  };
  for (const word of words(bareTitle(title), 60)) add(word, TITLE_WEIGHT);
  for (const word of words(body.slice(0, MOST_BODY), MOST_WORDS)) add(word, 1);
  return terms;
}

export function lengthOf(terms: Terms): number {
  let sum = 0;
  for (const count of terms.values()) sum += count;
  return sum;
}

/** The most selective terms: rare ones, without those that occur in one issue only. */
export function rarestTerms(terms: Terms, corpus: Corpus, most: number = RAREST): readonly string[] {
  return [...terms]
    .map(([term, count]) => ({ term, count, frequency: corpus.frequency(term) }))
    .filter(({ frequency }) => frequency > 0)
    .sort((a, b) => a.frequency - b.frequency || b.count - a.count || (a.term < b.term ? -1 : 1))
    .slice(0, most)
    .map(({ term }) => term);
}

/** Orders candidates by BM25 over all terms of the issue, best first. */
export function rank(query: Terms, candidates: readonly Candidate[], corpus: Corpus): readonly Ranked[] {
  const weights = new Map<string, number>();
  for (const term of query.keys()) {
    const frequency = corpus.frequency(term);
    weights.set(term, Math.log(1 + (corpus.issues - frequency + 0.5) / (frequency + 0.5)));
  }
  return candidates
    .map(({ number, terms }) => ({ number, score: bm25(query, weights, terms, corpus.averageLength) }))
    .sort((a, b) => b.score - a.score || b.number - a.number);
}

function bm25(query: Terms, weights: ReadonlyMap<string, number>, terms: Terms, averageLength: number): number {
  const norm = K1 * (1 - B + (B * lengthOf(terms)) / Math.max(1, averageLength));
  let sum = 0;
  for (const [term, asked] of query) {
    const count = terms.get(term);
    if (count === undefined) continue;
    sum += Math.min(asked, TITLE_WEIGHT) * (weights.get(term) ?? 0) * ((count * (K1 + 1)) / (count + norm));
  }
  return sum;
}
