import { z } from "zod";
import type { Fact, ReleaseFact } from "./fact.js";
import { BEFORE_ANY_VERSION, id, ifReadable, instant, latest, orNull, text } from "./scalars.js";
import type { Scope } from "./scope.js";
import { Author, userFacts } from "./user.js";

export const ReleaseBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  tag_name: text,
  target_commitish: ifReadable(text),
  name: ifReadable(text),
  body: ifReadable(text),
  draft: z.boolean(),
  prerelease: z.boolean(),
  author: Author,
  created_at: ifReadable(instant),
  published_at: orNull(instant),
  /** Older versions of GitHub lack it. */
  updated_at: orNull(instant),
});
export type ReleaseBody = z.infer<typeof ReleaseBody>;

/** A release and its author. Without `updated_at`, its edits tie with its publication and are read from GitHub. */
export function releaseFacts(body: ReleaseBody, scope: Scope, deleted = false): Fact[] {
  const version = body.updated_at ?? latest(BEFORE_ANY_VERSION, body.created_at, body.published_at);
  const release: ReleaseFact = {
    entity: "release",
    key: `${scope.repository} release ${body.tag_name}`,
    observedAt: scope.observedAt,
    deleted,
    row: {
      id: body.id,
      repository_id: scope.repositoryId,
      node_id: body.node_id,
      tag_name: body.tag_name,
      name: body.name,
      body: body.body,
      draft: body.draft,
      prerelease: body.prerelease,
      target_commitish: body.target_commitish,
      author_id: body.author?.id ?? null,
      author_login: body.author?.login ?? null,
      created_at: body.created_at,
      published_at: body.published_at,
      updated_at: version,
    },
  };
  return [...userFacts([body.author], scope.observedAt ?? version), release];
}
