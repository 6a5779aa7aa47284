import type { Fact } from "../facts/fact.js";

/** The facts with each person and each label once: a page of a hundred conversations repeats the same few. */
export function distinct(facts: readonly Fact[]): readonly Fact[] {
  const seen = new Set<string>();
  return facts.filter((fact) => {
    if (fact.entity !== "user" && fact.entity !== "label") return true;
    const key = `${fact.entity} ${fact.row.id}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
