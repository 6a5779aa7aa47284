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

/** The repository whose number stands in the id of what is in it; null for what is in none. */
function homeOf(node: Node): number | null {
  switch (node.kind) {
    case "account":
    case "team":
    case "repository":
    case "installation":
      return null;
    case "label":
      return node.repositoryId;
    case "issue":
    case "pull":
    case "deployment":
    case "release":
    case "check-run":
      return node.repository.id;
    case "comment":
      return node.on.repository.id;
    case "review":
    case "thread":
      return node.pull.repository.id;
    case "review-comment":
      return node.thread.pull.repository.id;
    case "deployment-status":
      return node.deployment.repository.id;
    case "commit":
    case "reaction":
      return 0;
  }
}

/** A list of a zero and 32-bit numbers, in MessagePack. */
function packed(numbers: readonly number[]): string {
  const bytes = Buffer.alloc(2 + 5 * numbers.length);
  bytes[0] = 0x91 + numbers.length;
  numbers.forEach((number, index) => {
    bytes[2 + 5 * index] = 0xce;
    bytes.writeUInt32BE(number, 3 + 5 * index);
  });
  return bytes.toString("base64url");
}

/** The global node id, in the form of GitHub's newer ids: the repository's number and its own, or only its own. */
export function nodeId(node: Node): string {
  const home = homeOf(node);
  return `${PREFIXES[node.kind]}_${packed(home === null ? [node.id] : [home, node.id])}`;
}

/** The number in a node id, or null when it is none of ours. */
export function numberOfNodeId(id: string): number | null {
  const text = /^[A-Z]+_(k[gw]DO[\w-]+)$/.exec(id)?.[1];
  const bytes = Buffer.from(text ?? "", "base64url");
  return bytes.length >= 7 ? bytes.readUInt32BE(bytes.length - 4) : null;
}
