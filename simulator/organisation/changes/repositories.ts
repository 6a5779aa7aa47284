import { account, newId, register, seconds, type Organisation } from "../organisation.js";
import { addCommit, type FileInput } from "../git.js";
import { fullName, type Blocked, type Repository, type Role, type Visibility } from "../repository.js";
import { renderUser } from "../../render/user.js";
import { emit, installationFor } from "./emit.js";
import { actor, ChangeRefused, labelNamed, repositoryNamed, type By, type InRepository } from "./find.js";
import { announceRepositories } from "./installation-repositories.js";

export interface CreateRepository extends By {
  /** Full name, `owner/name`. */
  readonly repository: string;
  readonly visibility?: Visibility;
  readonly description?: string | null;
  readonly defaultBranch?: string;
  readonly fork?: boolean;
  readonly files?: readonly FileInput[];
  /** No commit at all: the API answers 409 for its commits. */
  readonly empty?: boolean;
}

function emitRepository(
  organisation: Organisation,
  repository: Repository,
  action: string,
  input: By,
  changes?: { readonly [key: string]: unknown },
): void {
  const body = changes === undefined ? {} : { changes };
  emit(organisation, { event: "repository", action, repository, sender: actor(organisation, input), body });
}

function changed(organisation: Organisation, repository: Repository): void {
  repository.updatedAt = Math.max(repository.updatedAt, seconds(organisation));
  repository.revision += 1;
}

export function createRepository(organisation: Organisation, input: CreateRepository): Repository {
  const [login, name] = input.repository.split("/");
  if (login === undefined || name === undefined) throw new ChangeRefused(422, `not owner/name: ${input.repository}`);
  if (organisation.byName.has(input.repository.toLowerCase())) throw new ChangeRefused(422, "name already exists");
  const now = seconds(organisation);
  const repository: Repository = {
    kind: "repository",
    id: newId(organisation),
    owner: account(organisation, login, "Organization"),
    name,
    visibility: input.visibility ?? "private",
    archived: false,
    blocked: null,
    takesIssues: true,
    description: input.description ?? null,
    fork: input.fork ?? false,
    defaultBranch: input.defaultBranch ?? "main",
    createdAt: now,
    updatedAt: now,
    // GitHub says so of an empty one too.
    pushedAt: now,
    language: null,
    labels: new Map(),
    issues: new Map(),
    pulls: new Map(),
    moved: new Map(),
    gone: new Set(),
    nextNumber: 1,
    commits: new Map(),
    branches: new Map(),
    tags: new Map(),
    deployments: new Map(),
    releases: new Map(),
    checkRuns: new Map(),
    statuses: new Map(),
    requiredChecks: [],
    waitingJobs: [],
    roles: new Map(),
    revision: 0,
  };
  for (const label of ["bug", "documentation", "enhancement", "question"]) labelNamed(organisation, repository, label);
  if (input.empty !== true) {
    const files = input.files ?? [{ path: "README.md", content: `# ${name}\n` }];
    const first = addCommit(organisation, repository, actor(organisation, input), [], {
      message: "Initial commit",
      files,
    });
    repository.branches.set(repository.defaultBranch, first.sha);
  }
  organisation.repositories.set(repository.id, register(organisation, repository));
  organisation.byName.set(input.repository.toLowerCase(), repository);
  emitRepository(organisation, repository, "created", input);
  return repository;
}

export interface RenameRepository extends InRepository {
  /** The new name, without its owner. */
  readonly name: string;
}

export function renameRepository(organisation: Organisation, input: RenameRepository): Repository {
  const repository = repositoryNamed(organisation, input);
  const from = repository.name;
  rekey(organisation, [repository], () => {
    repository.name = input.name;
  });
  emitRepository(organisation, repository, "renamed", input, { repository: { name: { from } } });
  return repository;
}

/** Changes names: the old ones lead to the new. */
export function rekey(organisation: Organisation, repositories: readonly Repository[], rename: () => void): void {
  const before = repositories.map((repository) => ({ repository, old: fullName(repository).toLowerCase() }));
  rename();
  for (const { repository, old } of before) {
    const key = fullName(repository).toLowerCase();
    organisation.byName.delete(old);
    organisation.byName.set(key, repository);
    organisation.redirects.set(old, repository);
    organisation.redirects.delete(key);
    changed(organisation, repository);
  }
}

export interface TransferRepository extends InRepository {
  /** Login of the new owner. */
  readonly to: string;
}

/** Moves a repository to another account: the old installation loses it, the new owner's gains it when there is one. */
export function transferRepository(organisation: Organisation, input: TransferRepository): Repository {
  const repository = repositoryNamed(organisation, input);
  const before = installationFor(organisation, repository);
  const from = repository.owner;
  rekey(organisation, [repository], () => {
    repository.owner = account(organisation, input.to, "Organization");
  });
  const changes = { owner: { from: { organization: renderUser(organisation.urls, from) } } };
  emitRepository(organisation, repository, "transferred", input, changes);
  const after = installationFor(organisation, repository);
  if (before === after) return repository;
  before?.selected.delete(repository);
  if (before !== null) announceRepositories(organisation, before, "removed", [repository], input);
  if (after !== null) announceRepositories(organisation, after, "added", [repository], input);
  return repository;
}

export function setVisibility(
  organisation: Organisation,
  input: InRepository & { readonly visibility: Visibility },
): Repository {
  const repository = repositoryNamed(organisation, input);
  if (repository.visibility === input.visibility) return repository;
  repository.visibility = input.visibility;
  changed(organisation, repository);
  emitRepository(organisation, repository, input.visibility === "public" ? "publicized" : "privatized", input);
  return repository;
}

export function archiveRepository(organisation: Organisation, input: InRepository): Repository {
  const repository = repositoryNamed(organisation, input);
  if (repository.archived) return repository;
  repository.archived = true;
  changed(organisation, repository);
  emitRepository(organisation, repository, "archived", input);
  return repository;
}

export function unarchiveRepository(organisation: Organisation, input: InRepository): Repository {
  const repository = repositoryNamed(organisation, input);
  if (!repository.archived) return repository;
  repository.archived = false;
  changed(organisation, repository);
  emitRepository(organisation, repository, "unarchived", input);
  return repository;
}

export interface EditRepository extends InRepository {
  readonly description?: string | null;
  readonly defaultBranch?: string;
}

export function editRepository(organisation: Organisation, input: EditRepository): Repository {
  const repository = repositoryNamed(organisation, input);
  const changes: { [key: string]: unknown } = {};
  if (input.description !== undefined && input.description !== repository.description) {
    changes["description"] = { from: repository.description };
    repository.description = input.description;
  }
  if (input.defaultBranch !== undefined && input.defaultBranch !== repository.defaultBranch) {
    changes["default_branch"] = { from: repository.defaultBranch };
    repository.defaultBranch = input.defaultBranch;
  }
  if (Object.keys(changes).length === 0) return repository;
  changed(organisation, repository);
  emitRepository(organisation, repository, "edited", input, changes);
  return repository;
}

export function deleteRepository(organisation: Organisation, input: InRepository): void {
  const repository = repositoryNamed(organisation, input);
  emitRepository(organisation, repository, "deleted", input);
  organisation.repositories.delete(repository.id);
  organisation.byName.delete(fullName(repository).toLowerCase());
  organisation.nodes.delete(repository.id);
  for (const installation of organisation.installations.values()) installation.selected.delete(repository);
}

/** Makes the API refuse the repository: 451 for `legal`, 403 for `disabled`. No event tells. */
export function blockRepository(
  organisation: Organisation,
  input: InRepository & { readonly blocked: Blocked | null },
): Repository {
  const repository = repositoryNamed(organisation, input);
  repository.blocked = input.blocked;
  return repository;
}

/** Switches the issues of a repository on or off. No event tells. */
export function setIssues(organisation: Organisation, input: InRepository & { readonly on: boolean }): Repository {
  const repository = repositoryNamed(organisation, input);
  repository.takesIssues = input.on;
  changed(organisation, repository);
  return repository;
}

/** What a person may do in the repository, as `GET …/collaborators/{login}/permission` answers. No event is sent. */
export function setRole(
  organisation: Organisation,
  input: InRepository & { readonly login: string; readonly role: Role },
): void {
  repositoryNamed(organisation, input).roles.set(account(organisation, input.login).id, input.role);
}
