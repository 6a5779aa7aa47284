import { GraphQLError } from "graphql";
import { mayAccess, sees, type Caller } from "../auth/caller.js";
import type { Access } from "../organisation/installation.js";
import type { Repository } from "../organisation/repository.js";
import type { Simulation } from "../simulation.js";
import type { Cost } from "./cost.js";

/** What every resolver has at hand. */
export interface Context {
  readonly simulation: Simulation;
  readonly caller: Caller;
  readonly cost: Cost;
  /** Fields that have no resolver; any makes the answer a 501. */
  readonly unhandled: Set<string>;
}

/** A failure with GitHub's `type`, which stands beside the message. */
export function failed(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** Refuses what the installation has no permission for. */
export function need(context: Context, permission: string, access: Access = "read"): void {
  const { caller } = context;
  if (caller.kind !== "installation" || mayAccess(caller.token.permissions, permission, access)) return;
  throw failed("FORBIDDEN", "Resource not accessible by integration");
}

/** As `need`, where one of several permissions is enough. */
export function needEither(context: Context, permissions: readonly string[], access: Access): void {
  const { caller } = context;
  const has = (name: string) => caller.kind !== "installation" || mayAccess(caller.token.permissions, name, access);
  if (!permissions.some(has)) throw failed("FORBIDDEN", "Resource not accessible by integration");
}

/** A rollup is made of check runs and of commit statuses. */
export function needRollup(context: Context): void {
  need(context, "checks");
  need(context, "statuses");
}

export function visible(context: Context, repository: Repository): boolean {
  return sees(context.caller, repository) && repository.blocked === null;
}

/** The repository if the caller sees it, else the error that GitHub gives. */
export function repositoryFor(context: Context, owner: string, name: string): Repository {
  const { byName, redirects } = context.simulation.organisation;
  const key = `${owner}/${name}`.toLowerCase();
  const repository = byName.get(key) ?? redirects.get(key);
  if (repository === undefined || !sees(context.caller, repository)) {
    throw failed("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  }
  if (repository.blocked !== null) throw failed("FORBIDDEN", "Repository access blocked");
  return repository;
}
