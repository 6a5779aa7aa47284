import { z } from "zod";
import { folderOf, isManifest, nameOf, PACKAGE_MANAGERS } from "../../agents/code-review/packages.js";
import type { RepositoryRef } from "../../domain.js";
import type { GitHubClient } from "../client.js";
import { RATE_LIMIT } from "../queries/fragments.js";

const Answer = z.object({ repository: z.record(z.string(), z.unknown()).nullable() });

/** The most folders that are searched for the lockfiles of changed manifests. */
const MOST_PLACES = 60;

/** The lockfiles at the head beside the manifests among these paths, or at the root. One call, or none. */
export async function readLockfiles(
  client: GitHubClient,
  { owner, name }: RepositoryRef,
  headSha: string,
  changed: readonly string[],
): Promise<readonly string[]> {
  const candidates = [...new Set(changed.filter(isManifest).flatMap(lockfilesFor))].slice(0, MOST_PLACES);
  if (candidates.length === 0) return [];
  const variables = Object.fromEntries(candidates.map((path, index) => [`l${index}`, `${headSha}:${path}`]));
  const names = Object.keys(variables);
  const text = `query REVIEW_LOCKFILES($owner: String!, $name: String!, ${names.map((key) => `$${key}: String!`).join(", ")}) {
  ${RATE_LIMIT}
  repository(owner: $owner, name: $name) {
    ${names.map((key) => `${key}: object(expression: $${key}) { oid }`).join("\n    ")}
  }
}`;
  const { data } = await client.query({ name: "REVIEW_LOCKFILES", text }, { owner, name, ...variables }, Answer);
  const answer: Readonly<Record<string, unknown>> = data.repository ?? {};
  return candidates.filter((_path, index) => (answer[`l${index}`] ?? null) !== null);
}

function lockfilesFor(manifest: string): readonly string[] {
  const lockfiles = PACKAGE_MANAGERS.find((each) => each.manifest === nameOf(manifest))?.lockfiles ?? [];
  return lockfiles.flatMap((lockfile) => [`${folderOf(manifest)}${lockfile}`, lockfile]);
}
