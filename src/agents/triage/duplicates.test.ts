import { expect, it } from "vitest";
import { lengthOf, rank, rarestTerms, termsOf } from "./duplicates.js";

const ISSUES = [
  { number: 1, title: "Export to PDF cuts the last page", body: "The exporter loses a page." },
  { number: 2, title: "Login fails", body: "Wrong password message though it is right." },
  { number: 3, title: "PDF export is slow", body: "Takes minutes." },
];
const documents = ISSUES.map(({ number, ...text }) => ({ number, terms: termsOf(text) }));
const corpus = {
  issues: documents.length,
  averageLength: documents.reduce((sum, { terms }) => sum + lengthOf(terms), 0) / documents.length,
  frequency: (term: string) => documents.filter(({ terms }) => terms.has(term)).length,
};

it("ranks the issue about the same thing first", () => {
  const query = termsOf({ title: "Last page is missing in PDF export", body: "" });
  expect(rank(query, documents, corpus).map(({ number }) => number)).toEqual([1, 3, 2]);
});

it("looks for candidates by the rarest terms, and by none that no issue has", () => {
  const terms = rarestTerms(termsOf({ title: "the unheard password export", body: "" }), corpus, 2);
  expect(terms).toEqual(["password", "the"].sort((a, b) => corpus.frequency(a) - corpus.frequency(b)));
});

it("finds no candidates for an issue without text", () => {
  expect(rarestTerms(termsOf({ title: "", body: "" }), corpus)).toEqual([]);
});
