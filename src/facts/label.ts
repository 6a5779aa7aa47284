import { z } from "zod";
import type { LabelFact } from "./fact.js";
import type { LabelLink } from "./rows.js";
import { id, ifReadable, text } from "./scalars.js";
import type { Scope } from "./scope.js";

export const LabelBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  name: text,
  color: ifReadable(z.string()),
  description: ifReadable(text),
});
export type LabelBody = z.infer<typeof LabelBody>;

export function labelFacts(labels: readonly LabelBody[], scope: Scope, seenAt: string): LabelFact[] {
  return labels.map((label) => ({
    entity: "label",
    key: label.name,
    row: {
      id: label.id,
      repository_id: scope.repositoryId,
      node_id: label.node_id,
      name: label.name,
      color: label.color,
      description: label.description,
      seen_at: seenAt,
    },
  }));
}

export function labelLinks(labels: readonly LabelBody[]): LabelLink[] {
  return labels.map((label) => ({ label_id: label.id, name: label.name }));
}
