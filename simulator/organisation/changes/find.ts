import { account, seconds, type Organisation } from "../organisation.js";
import type { Account } from "../account.js";
import type { Issue, Label, PullRequest } from "../conversation.js";
import type { Repository } from "../repository.js";
import { newId, register } from "../organisation.js";

/** A change that GitHub would refuse, with the status its API would answer. */
export class ChangeRefused extends Error {
  override readonly name = "ChangeRefused";
  readonly status: 404 | 405 | 409 | 410 | 422;
  constructor(status: ChangeRefused["status"], message: string) {
    super(message);
    this.status = status;
  }
}

/** Who does it; default `octocat`. */
export interface By {
  readonly by?: string;
}

export interface InRepository extends By {
  /** Full name, `owner/name`. */
  readonly repository: string;
}

export interface OnNumber extends InRepository {
  readonly number: number;
}

export function actor(organisation: Organisation, input: By): Account {
  return input.by === organisation.app.bot.login ? organisation.app.bot : account(organisation, input.by ?? "octocat");
}

export function repositoryNamed(organisation: Organisation, input: InRepository): Repository {
  const found = organisation.byName.get(input.repository.toLowerCase());
  if (found === undefined) throw new ChangeRefused(404, `no repository ${input.repository}`);
  return found;
}

export function pullNumbered(organisation: Organisation, input: OnNumber): PullRequest {
  const found = repositoryNamed(organisation, input).pulls.get(input.number);
  if (found === undefined) throw new ChangeRefused(404, `no pull request ${input.repository}#${input.number}`);
  return found;
}

export function issueNumbered(organisation: Organisation, input: OnNumber): Issue {
  const found = repositoryNamed(organisation, input).issues.get(input.number);
  if (found === undefined) throw new ChangeRefused(404, `no issue ${input.repository}#${input.number}`);
  return found;
}

/** The issue or pull request of that number. */
export function conversationNumbered(organisation: Organisation, input: OnNumber): Issue | PullRequest {
  const repository = repositoryNamed(organisation, input);
  const found = repository.pulls.get(input.number) ?? repository.issues.get(input.number);
  if (found === undefined) throw new ChangeRefused(404, `nothing numbered ${input.repository}#${input.number}`);
  return found;
}

/** The repository's label of that name; made when there is none, as GitHub does for labels set through the API. */
export function labelNamed(organisation: Organisation, repository: Repository, name: string): Label {
  const found = repository.labels.get(name.toLowerCase());
  if (found !== undefined) return found;
  const made: Label = {
    kind: "label",
    id: newId(organisation),
    repositoryId: repository.id,
    name,
    color: "ededed",
    description: null,
  };
  repository.labels.set(name.toLowerCase(), made);
  return register(organisation, made);
}

/** Raises `updated_at` to now. It never goes back. */
export function touch(organisation: Organisation, on: Issue | PullRequest): void {
  on.updatedAt = Math.max(on.updatedAt, seconds(organisation));
  on.repository.revision += 1;
}
