import { account, newId, register, seconds, type Organisation } from "../organisation.js";
import type { Account } from "../account.js";
import type { Release } from "../repository.js";
import { renderRelease } from "../../render/deployment.js";
import { emit } from "./emit.js";
import { actor, ChangeRefused, repositoryNamed, type By, type InRepository } from "./find.js";
import { createTag } from "./pushes.js";

function emitRelease(
  organisation: Organisation,
  release: Release,
  action: string,
  sender: Account,
  extra: { readonly [key: string]: unknown } = {},
): void {
  if (organisation.silent) return;
  const { repository } = release;
  const body = { ...extra, release: renderRelease(organisation, release) };
  emit(organisation, { event: "release", action, repository, sender, body });
}

export interface CreateRelease extends InRepository {
  readonly tag: string;
  readonly name?: string | null;
  readonly body?: string | null;
  readonly draft?: boolean;
  readonly prerelease?: boolean;
  readonly author?: string;
}

function announce(organisation: Organisation, release: Release, by: Account): void {
  const { repository } = release;
  if (!repository.tags.has(release.tagName)) {
    createTag(organisation, {
      repository: `${repository.owner.login}/${repository.name}`,
      tag: release.tagName,
      by: by.login,
    });
  }
  emitRelease(organisation, release, "published", by);
  emitRelease(organisation, release, release.prerelease ? "prereleased" : "released", by);
}

/** Creates a release: `created`, and unless it is a draft the tag, `published` and `released` as well. */
export function createRelease(organisation: Organisation, input: CreateRelease): Release {
  const repository = repositoryNamed(organisation, input);
  const by = actor(organisation, input);
  const now = seconds(organisation);
  const draft = input.draft ?? false;
  if ([...repository.releases.values()].some((each) => each.tagName === input.tag)) {
    throw new ChangeRefused(422, `already_exists: ${input.tag}`);
  }
  const release: Release = {
    kind: "release",
    id: newId(organisation),
    repository,
    tagName: input.tag,
    target: repository.defaultBranch,
    name: input.name ?? null,
    body: input.body ?? null,
    draft,
    prerelease: input.prerelease ?? false,
    author: input.author === undefined ? by : account(organisation, input.author),
    createdAt: now,
    publishedAt: draft ? null : now,
    updatedAt: now,
  };
  repository.releases.set(release.id, register(organisation, release));
  repository.revision += 1;
  emitRelease(organisation, release, "created", by);
  if (!draft) announce(organisation, release, by);
  return release;
}

export interface OnRelease extends By {
  /** Id of the release. */
  readonly release: number;
}

export function releaseOf(organisation: Organisation, id: number): Release {
  const found = organisation.nodes.get(id);
  if (found?.kind !== "release") throw new ChangeRefused(404, `no release ${id}`);
  return found;
}

export function publishRelease(organisation: Organisation, input: OnRelease): Release {
  const release = releaseOf(organisation, input.release);
  if (!release.draft) return release;
  release.draft = false;
  release.publishedAt = seconds(organisation);
  release.updatedAt = Math.max(release.updatedAt, seconds(organisation));
  release.repository.revision += 1;
  announce(organisation, release, actor(organisation, input));
  return release;
}

export interface EditRelease extends OnRelease {
  readonly name?: string | null;
  readonly body?: string | null;
}

export function editRelease(organisation: Organisation, input: EditRelease): Release {
  const release = releaseOf(organisation, input.release);
  const changes: { [key: string]: unknown } = {};
  if (input.name !== undefined && input.name !== release.name) {
    changes["name"] = { from: release.name ?? "" };
    release.name = input.name;
  }
  if (input.body !== undefined && input.body !== release.body) {
    changes["body"] = { from: release.body ?? "" };
    release.body = input.body;
  }
  if (Object.keys(changes).length === 0) return release;
  release.updatedAt = Math.max(release.updatedAt, seconds(organisation));
  release.repository.revision += 1;
  emitRelease(organisation, release, "edited", actor(organisation, input), { changes });
  return release;
}

export function deleteRelease(organisation: Organisation, input: OnRelease): void {
  const release = releaseOf(organisation, input.release);
  release.repository.releases.delete(release.id);
  release.repository.revision += 1;
  organisation.nodes.delete(release.id);
  emitRelease(organisation, release, "deleted", actor(organisation, input));
}
