import { featuresOf, type Features } from "../../src/agents/triage/features.js";
import type { LabelledIssue } from "../../src/agents/triage/label-model.js";
import type { Boilerplate } from "../../src/agents/triage/text.js";

/** Multinomial naive Bayes over the same features, one label an issue: what the regression is compared with. */
export function naiveBayes(
  issues: readonly LabelledIssue[],
  boilerplate: Boilerplate,
): (features: Features) => string | undefined {
  const classes = new Map<string, { issues: number; total: number; counts: Map<string, number> }>();
  const names = new Set<string>();
  for (const issue of issues) {
    const [label] = issue.labels;
    if (label === undefined) continue;
    const its = classes.get(label) ?? { issues: 0, total: 0, counts: new Map<string, number>() };
    classes.set(label, its);
    its.issues += 1;
    for (const [name, count] of featuresOf(issue, boilerplate)) {
      its.total += count;
      its.counts.set(name, (its.counts.get(name) ?? 0) + count);
      names.add(name);
    }
  }
  return (features) => {
    const scored = [...classes].map(([label, { issues: its, total, counts }]) => {
      let sum = Math.log(its / issues.length);
      for (const [name, count] of features)
        if (names.has(name)) sum += count * Math.log(((counts.get(name) ?? 0) + 1) / (total + names.size));
      return { label, sum };
    });
    return scored.sort((a, b) => b.sum - a.sum)[0]?.label;
  };
}
