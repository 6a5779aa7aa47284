import type { Issue, PullRequest } from "../organisation/conversation.js";
import { fullName, type Repository } from "../organisation/repository.js";
import { connectAll, type Args, type Connection } from "./connection.js";
import { visible, type Context } from "./context.js";
import { sorted } from "./order.js";

/** GitHub's search gives at most this many results. */
const MAX_RESULTS = 1000;

/** The words of a search: `name:value`, with quotes around values that have spaces. */
function words(query: string): string[] {
  return query.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
}

const inSeconds = (text: string): number => Date.parse(text) / 1000;

/** Whether a time fits `>=X`, `>X`, `<X`, `X..Y` or the day X. */
function fitsTime(at: number, value: string): boolean {
  const [from, to] = value.split("..");
  if (to !== undefined) {
    return (from === "*" || at >= inSeconds(from ?? "")) && (to === "*" || at <= inSeconds(to));
  }
  if (value.startsWith(">=")) return at >= inSeconds(value.slice(2));
  if (value.startsWith("<=")) return at <= inSeconds(value.slice(2));
  if (value.startsWith(">")) return at > inSeconds(value.slice(1));
  if (value.startsWith("<")) return at < inSeconds(value.slice(1));
  const day = inSeconds(value);
  return at >= day && at < day + 86_400;
}

type Test<T> = (item: T) => boolean;

function repositoryTest(name: string, value: string): Test<Repository> | null {
  switch (name) {
    case "repo":
      return (each) => fullName(each).toLowerCase() === value.toLowerCase();
    case "org":
    case "user":
      return (each) => each.owner.login.toLowerCase() === value.toLowerCase();
    case "archived":
      return (each) => each.archived === (value === "true");
    default:
      return null;
  }
}

function isTest(value: string): Test<Issue | PullRequest> | null {
  switch (value) {
    case "pr":
    case "pull-request":
      return (each) => each.kind === "pull";
    case "issue":
      return (each) => each.kind === "issue";
    case "open":
    case "closed":
      return (each) => each.state === value;
    case "merged":
      return (each) => each.kind === "pull" && each.mergedAt !== null;
    case "unmerged":
      return (each) => each.kind === "pull" && each.mergedAt === null;
    case "draft":
      return (each) => each.kind === "pull" && each.draft;
    default:
      return null;
  }
}

function conversationTest(name: string, value: string): Test<Issue | PullRequest> | null {
  switch (name) {
    case "is":
    case "type":
    case "state":
      return isTest(value);
    case "updated":
      return (each) => fitsTime(each.updatedAt, value);
    case "created":
      return (each) => fitsTime(each.createdAt, value);
    case "closed":
      return (each) => each.closedAt !== null && fitsTime(each.closedAt, value);
    case "merged":
      return (each) => each.kind === "pull" && each.mergedAt !== null && fitsTime(each.mergedAt, value);
    case "author":
      return (each) => !each.author.deleted && each.author.login.toLowerCase() === value.toLowerCase();
    case "assignee":
      return (each) => each.assignees.some((one) => one.login.toLowerCase() === value.toLowerCase());
    case "label":
      return (each) => each.labels.some((one) => one.name.toLowerCase() === value.toLowerCase());
    default:
      return null;
  }
}

interface Parsed<T> {
  readonly repository: Test<Repository>[];
  readonly item: Test<T>[];
  readonly sort: string;
}

function parse<T>(
  context: Context,
  query: string,
  itemTest: (name: string, value: string) => Test<T> | null,
  text: (item: T) => string,
): Parsed<T> {
  const parsed = { repository: new Array<Test<Repository>>(), item: new Array<Test<T>>(), sort: "created-desc" };
  for (const word of words(query)) {
    const [, name, quoted] = /^(-?[a-z]+):(.+)$/.exec(word) ?? [];
    if (name === undefined || quoted === undefined) {
      const wanted = word.replaceAll('"', "").toLowerCase();
      parsed.item.push((item) => text(item).toLowerCase().includes(wanted));
      continue;
    }
    const value = quoted.replaceAll('"', "");
    const repository = repositoryTest(name, value);
    const item = itemTest(name, value);
    if (name === "sort") parsed.sort = value;
    else if (repository !== null) parsed.repository.push(repository);
    else if (item !== null) parsed.item.push(item);
    else context.unhandled.add(`search ${word}`);
  }
  return parsed;
}

function repositories(context: Context, tests: readonly Test<Repository>[]): Repository[] {
  return [...context.simulation.organisation.repositories.values()].filter(
    (each) => visible(context, each) && oneOf(tests, each),
  );
}

/** Several `repo:` or `org:` are alternatives, as at GitHub. */
function oneOf(tests: readonly Test<Repository>[], repository: Repository): boolean {
  return tests.length === 0 || tests.some((test) => test(repository));
}

function searchConversations(context: Context, query: string, args: Args): Connection {
  const parsed = parse(context, query, conversationTest, (item) => `${item.title} ${item.body ?? ""}`);
  const found: (Issue | PullRequest)[] = [];
  for (const repository of repositories(context, parsed.repository)) {
    for (const list of [repository.pulls.values(), repository.issues.values()]) {
      for (const item of list) if (parsed.item.every((test) => test(item))) found.push(item);
    }
  }
  const order = {
    key: (item: Issue | PullRequest) => (parsed.sort.startsWith("updated") ? item.updatedAt : item.createdAt),
    id: (item: Issue | PullRequest) => item.id,
    descending: !parsed.sort.endsWith("-asc"),
  };
  return connectAll(sorted(found, order).slice(0, MAX_RESULTS), args);
}

function searchRepositories(context: Context, query: string, args: Args): Connection {
  const test = (name: string, value: string): Test<Repository> | null =>
    name === "pushed" ? (each) => each.pushedAt !== null && fitsTime(each.pushedAt, value) : null;
  const parsed = parse(context, query, test, (item) => item.name);
  const found = repositories(context, parsed.repository).filter((each) => parsed.item.every((fits) => fits(each)));
  const order = {
    key: (item: Repository) => (parsed.sort.startsWith("updated") ? (item.pushedAt ?? 0) : item.createdAt),
    id: (item: Repository) => item.id,
    descending: !parsed.sort.endsWith("-asc"),
  };
  return connectAll(sorted(found, order).slice(0, MAX_RESULTS), args);
}

/**
 * `search(query:, type: ISSUE | REPOSITORY)`; a qualifier that is not simulated makes the answer a 501. Its cursors count, as
 * GitHub's do (`cursor:100`): where something before them leaves the result, the next page misses one.
 */
export function search(context: Context, args: Args): Connection {
  const query = String(args["query"]);
  if (args["type"] === "REPOSITORY") return searchRepositories(context, query, args);
  if (args["type"] !== "ISSUE") context.unhandled.add(`search type ${String(args["type"])}`);
  return searchConversations(context, query, args);
}
