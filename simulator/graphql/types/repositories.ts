import { allShown } from "../../organisation/account.js";
import type { Issue, Label, PullRequest } from "../../organisation/conversation.js";
import { contentAt, findCommit } from "../../organisation/git.js";
import { fullName, type Deployment, type Release, type Repository } from "../../organisation/repository.js";
import { repositoryHtml } from "../../render/conversation.js";
import { nodeId } from "../../render/node-id.js";
import { iso, isoOrNull } from "../../render/time.js";
import { connect, connectAll, type Args } from "../connection.js";
import { failed, need, type Context } from "../context.js";
import { define, ofKind } from "../define.js";
import { dated, keptList, orderByOf, sorted } from "../order.js";
import { Blob, CommitIn, RefIn } from "../wrappers.js";

const texts = (value: unknown): string[] | null =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : null;

const stateOf = (pull: PullRequest): string =>
  pull.mergedAt !== null ? "MERGED" : pull.state === "open" ? "OPEN" : "CLOSED";

function hasLabel(on: { readonly labels: readonly Label[] }, names: readonly string[] | null): boolean {
  return names === null || on.labels.some((label) => names.includes(label.name));
}

function pulls(repository: Repository, args: Args, context: Context) {
  need(context, "pull_requests");
  const by = orderByOf(args, { field: "CREATED_AT", descending: false });
  const states = texts(args["states"]);
  const labels = texts(args["labels"]);
  const order = dated<PullRequest>(by);
  const { headRefName, baseRefName } = args;
  const list = keptList(repository, `pulls ${JSON.stringify([by, states, labels, headRefName, baseRefName])}`, () =>
    sorted(
      [...repository.pulls.values()].filter(
        (each) =>
          (states === null || states.includes(stateOf(each))) &&
          hasLabel(each, labels) &&
          (typeof headRefName !== "string" || each.headRef === headRefName) &&
          (typeof baseRefName !== "string" || each.baseRef === baseRefName),
      ),
      order,
    ),
  );
  return connect(list, args, order);
}

function sinceOf(filterBy: unknown): number {
  if (typeof filterBy !== "object" || filterBy === null) return 0;
  const since: unknown = Object.entries(filterBy).find(([name]) => name === "since")?.[1];
  return typeof since === "string" ? Date.parse(since) / 1000 : 0;
}

function issues(repository: Repository, args: Args, context: Context) {
  need(context, "issues");
  const by = orderByOf(args, { field: "CREATED_AT", descending: false });
  const states = texts(args["states"]);
  const labels = texts(args["labels"]);
  const since = sinceOf(args["filterBy"]);
  const order = dated<Issue>(by);
  const list = keptList(repository, `issues ${JSON.stringify([by, states, labels, since])}`, () =>
    sorted(
      [...repository.issues.values()].filter(
        (each) =>
          (states === null || states.includes(each.state.toUpperCase())) &&
          hasLabel(each, labels) &&
          each.updatedAt >= since,
      ),
      order,
    ),
  );
  return connect(list, args, order);
}

function deployments(repository: Repository, args: Args, context: Context) {
  need(context, "deployments");
  const order = dated<Deployment>(orderByOf(args, { field: "CREATED_AT", descending: false }));
  const environments = texts(args["environments"]);
  const found = [...repository.deployments.values()].filter((each) => environments?.includes(each.environment) ?? true);
  return connect(sorted(found, order), args, order);
}

function branch(repository: Repository, qualified: string): RefIn | null {
  const name = qualified.replace(/^refs\//, "").replace(/^(heads|tags)\//, "");
  const head = repository.branches.get(name);
  if (head !== undefined) return new RefIn(repository, "refs/heads/", name, head);
  const tag = repository.tags.get(name);
  return tag === undefined ? null : new RefIn(repository, "refs/tags/", name, tag);
}

function object(repository: Repository, args: Args) {
  const { oid, expression } = args;
  const [at, path] = (typeof expression === "string" ? expression : typeof oid === "string" ? oid : "").split(":");
  const sha =
    at === "HEAD" ? repository.branches.get(repository.defaultBranch) : (branch(repository, at ?? "")?.sha ?? at);
  if (path !== undefined) {
    const content = contentAt(repository, sha ?? "", path);
    // A submodule's entry names a commit of another repository.
    return content === null || SUBMODULE.test(content) ? null : new Blob(content);
  }
  const commit = findCommit(repository, sha ?? "");
  return commit === null ? null : new CommitIn(repository, commit);
}

const SUBMODULE = /^Subproject commit [0-9a-f]{40}\n?$/;
function numbered<T>(found: T | undefined, kind: string, number: unknown): T {
  if (found === undefined)
    throw failed("NOT_FOUND", `Could not resolve to ${kind} with the number of ${String(number)}.`);
  return found;
}

export const repository = define(ofKind<Repository>("repository"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  name: (source) => source.name,
  nameWithOwner: (source) => fullName(source),
  owner: (source) => source.owner,
  description: (source) => source.description,
  url: (source, _args, { simulation }) => repositoryHtml(simulation.organisation.urls, source),
  isPrivate: (source) => source.visibility !== "public",
  isArchived: (source) => source.archived,
  isDisabled: (source) => source.blocked === "disabled",
  isLocked: () => false,
  isFork: (source) => source.fork,
  isEmpty: (source) => source.branches.size === 0,
  isTemplate: () => false,
  visibility: (source) => source.visibility.toUpperCase(),
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.updatedAt),
  pushedAt: (source) => isoOrNull(source.pushedAt),
  archivedAt: (source) => (source.archived ? iso(source.updatedAt) : null),
  primaryLanguage: (source) => (source.language === null ? null : { name: source.language }),
  stargazerCount: () => 0,
  forkCount: () => 0,
  defaultBranchRef: (source) => branch(source, source.defaultBranch),
  ref: (source, args) => branch(source, String(args["qualifiedName"])),
  object: (source, args) => object(source, args),
  pullRequests: pulls,
  issues,
  deployments,
  pullRequest: (source, args, { simulation }) => {
    const found = source.pulls.get(Number(args["number"]));
    const shown = found !== undefined && simulation.faults.lags(found.headSha) ? undefined : found;
    return numbered(shown, "a PullRequest", args["number"]);
  },
  issue: (source, args) => numbered(source.issues.get(Number(args["number"])), "an Issue", args["number"]),
  issueOrPullRequest: (source, args) => {
    const number = Number(args["number"]);
    return numbered<Issue | PullRequest>(
      source.issues.get(number) ?? source.pulls.get(number),
      "an issue or pull request",
      number,
    );
  },
  labels: (source, args) => connectAll([...source.labels.values()], args),
  assignableUsers: (source, args, { simulation }) => {
    const people = allShown([...simulation.organisation.accounts.values()]);
    const isMember = (id: number) => (source.roles.get(id) ?? "none") !== "none";
    return connectAll(
      people.filter(({ id }) => isMember(id)),
      args,
    );
  },
  releases: (source, args) => {
    const order = dated<Release>(orderByOf(args, { field: "CREATED_AT", descending: true }));
    return connect(sorted(source.releases.values(), order), args, order);
  },
  latestRelease: (source) =>
    [...source.releases.values()].reverse().find((each) => !each.draft && !each.prerelease) ?? null,
  release: (source, args) => [...source.releases.values()].find((each) => each.tagName === args["tagName"]) ?? null,
  viewerPermission: () => "WRITE",
});
