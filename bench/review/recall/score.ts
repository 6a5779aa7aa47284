import type { Case } from "./corpus.js";

export interface Score {
  readonly planted: number;
  /** Planted defects that were found on their line. */
  readonly found: number;
  readonly missed: readonly string[];
  /** Findings of the rule where there is no defect: in decoys, and beside the planted ones. */
  readonly falseAlarms: readonly string[];
}

export interface Answered {
  readonly given: Case;
  /** Lines that were complained about; null for a file or a pull request as a whole. */
  readonly lines: readonly (number | null)[];
}

/** A defect counts as found on its very line only. */
export function scoreOf(answers: readonly Answered[]): Score {
  const place = ({ rule, path }: Case, line: number | null) => `${rule} ${path}:${line ?? "-"}`;
  const missed = answers.flatMap(({ given, lines }) =>
    given.expected.filter((line) => !lines.includes(line)).map((line) => place(given, line)),
  );
  const falseAlarms = answers.flatMap(({ given, lines }) =>
    lines.filter((line) => !given.expected.includes(line)).map((line) => place(given, line)),
  );
  const planted = answers.reduce((sum, { given }) => sum + given.expected.length, 0);
  return { planted, found: planted - missed.length, missed, falseAlarms };
}
