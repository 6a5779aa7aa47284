import { z } from "zod";

/** A file at the base of the change, and the lines that the change touches. */
export interface BlameRequest {
  readonly path: string;
  /** Line numbers in the old file: removed lines, and lines beside added ones. */
  readonly lines: readonly number[];
}

/** The name of the answer's field. */
export const BLAMED = "blamed";

const Blame = z.object({
  ranges: z.array(
    z.object({
      startingLine: z.int(),
      endingLine: z.int(),
      commit: z.object({ author: z.object({ user: z.object({ login: z.string() }).nullable() }).nullable() }),
    }),
  ),
});

/** The fields of a commit that name the authors of these lines, with their variables. */
export function blamesOf(files: readonly BlameRequest[]): {
  readonly fields: string;
  readonly variables: readonly (readonly [string, string])[];
} {
  const fields = files.map(
    (_file, index) =>
      `p${index}: blame(path: $p${index}) { ranges { startingLine endingLine commit { author { user { login } } } } }`,
  );
  return { fields: fields.join(" "), variables: files.map(({ path }, index) => [`p${index}`, path] as const) };
}

/** By path: how many of the touched lines each login wrote. Files without an answer have no authors. */
export function writersIn(
  answer: unknown,
  files: readonly BlameRequest[],
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const blames = z.record(z.string(), z.unknown()).safeParse(answer).data ?? {};
  return new Map(
    files.map(({ path, lines }, index) => [path, writersOf(Blame.safeParse(blames[`p${index}`]).data, lines)]),
  );
}

function writersOf(blame: z.output<typeof Blame> | undefined, lines: readonly number[]): ReadonlyMap<string, number> {
  const authors = new Map<number, string>();
  for (const { startingLine, endingLine, commit } of blame?.ranges ?? []) {
    const login = commit.author?.user?.login;
    if (login === undefined) continue;
    for (let line = startingLine; line <= endingLine; line += 1) authors.set(line, login);
  }
  const writers = new Map<string, number>();
  for (const line of lines) {
    const login = authors.get(line);
    if (login !== undefined) writers.set(login, (writers.get(login) ?? 0) + 1);
  }
  return writers;
}
