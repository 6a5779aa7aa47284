import type { Node } from "../organisation/organisation.js";

/** The beginnings of GitHub's global node ids. */
const PREFIXES: { readonly [K in Node["kind"]]: string } = {
  account: "U",
  team: "T",
  repository: "R",
  label: "LA",
  issue: "I",
  pull: "PR",
  comment: "IC",
  reaction: "REA",
  review: "PRR",
  "review-comment": "PRRC",
  thread: "PRRT",
  commit: "C",
  deployment: "DE",
  "deployment-status": "DES",
  release: "RE",
  "check-run": "CR",
  installation: "IN",
};

/** The global node id, in the form of GitHub's newer ids. */
export function nodeId(node: { readonly kind: Node["kind"]; readonly id: number }): string {
  return `${PREFIXES[node.kind]}_kwDO${node.id.toString(36).padStart(6, "0")}`;
}

/** The number in a node id, or null when it is none of ours. */
export function numberOfNodeId(id: string): number | null {
  const match = /^[A-Z]+_kwDO([0-9a-z]+)$/.exec(id);
  return match?.[1] === undefined ? null : Number.parseInt(match[1], 36);
}
