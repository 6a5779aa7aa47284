import type { Node } from "../../organisation/organisation.js";
import type { Repository } from "../../organisation/repository.js";
import { numberOfNodeId } from "../../render/node-id.js";
import { limitsOf } from "../../server/gate.js";
import { failed, repositoryFor, visible, type Context } from "../context.js";
import { define } from "../define.js";
import { search } from "../search.js";

/** The repository that a node belongs to; null for accounts. */
function home(node: Node): Repository | null {
  switch (node.kind) {
    case "repository":
      return node;
    case "issue":
    case "pull":
    case "deployment":
    case "release":
    case "check-run":
      return node.repository;
    case "comment":
      return node.on.repository;
    case "review":
    case "thread":
      return node.pull.repository;
    case "review-comment":
      return node.thread.pull.repository;
    case "deployment-status":
      return node.deployment.repository;
    case "account":
    case "team":
    case "label":
    case "reaction":
    case "commit":
    case "installation":
      return null;
  }
}

/** A node by its global id, when the caller sees it. */
export function nodeOf(context: Context, id: unknown): Node {
  const number = numberOfNodeId(String(id));
  const found = number === null ? undefined : context.simulation.organisation.nodes.get(number);
  const where = found === undefined ? null : home(found);
  if (found === undefined || (where !== null && !visible(context, where))) {
    throw failed("NOT_FOUND", `Could not resolve to a node with the global id of '${String(id)}'`);
  }
  return found;
}

function nodeOrError(context: Context, id: unknown): Node | Error {
  try {
    return nodeOf(context, id);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const isRoot = (value: unknown): value is undefined => value === undefined;

export const query = define(isRoot, {
  viewer: (_source, _args, { caller }) => {
    if (caller.kind === "user") return caller.token.account;
    throw failed("FORBIDDEN", "Resource not accessible by integration");
  },
  rateLimit: (_source, _args, context) => context,
  repository: (_source, args, context) => repositoryFor(context, String(args["owner"]), String(args["name"])),
  organization: (_source, args, { simulation }) => {
    const found = simulation.organisation.accounts.get(String(args["login"]).toLowerCase());
    if (found?.type === "Organization") return found;
    throw failed("NOT_FOUND", `Could not resolve to an Organization with the login of '${String(args["login"])}'.`);
  },
  repositoryOwner: (_source, args, { simulation }) =>
    simulation.organisation.accounts.get(String(args["login"]).toLowerCase()) ?? null,
  user: (_source, args, { simulation }) => {
    const found = simulation.organisation.accounts.get(String(args["login"]).toLowerCase());
    if (found?.type === "User" && !found.deleted) return found;
    throw failed("NOT_FOUND", `Could not resolve to a User with the login of '${String(args["login"])}'.`);
  },
  node: (_source, args, context) => nodeOf(context, args["id"]),
  nodes: (_source, args, context) =>
    Array.isArray(args["ids"]) ? args["ids"].map((id: unknown) => nodeOrError(context, id)) : [],
  search: (_source, args, context) => search(context, args),
});

function isContext(value: unknown): value is Context {
  return typeof value === "object" && value !== null && "simulation" in value && "cost" in value;
}

/** The quota as it is after this query. */
function quota({ simulation, caller, cost }: Context) {
  const state = limitsOf(simulation, caller).graphql.state(Date.now());
  return { ...state, used: state.used + cost.points, remaining: Math.max(0, state.remaining - cost.points) };
}

export const rateLimit = define(isContext, {
  cost: (source) => source.cost.points,
  nodeCount: (source) => source.cost.nodes,
  limit: (source) => quota(source).limit,
  remaining: (source) => quota(source).remaining,
  used: (source) => quota(source).used,
  resetAt: (source) => `${new Date(Math.ceil(quota(source).resetAt / 1000) * 1000).toISOString().slice(0, 19)}Z`,
});
