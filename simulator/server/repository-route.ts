import { isGiven, mayAccess, sees } from "../auth/caller.js";
import type { Access } from "../organisation/installation.js";
import type { Repository } from "../organisation/repository.js";
import { failure, FORBIDDEN, NOT_FOUND, type Answer } from "./answer.js";
import { numberParam, param, type Call } from "./call.js";
import type { Method, Route } from "./route.js";

export interface RepositoryRoute {
  readonly method: Method;
  /** After `/repos/:owner/:repo`. */
  readonly path: string;
  readonly permission: readonly [name: string, access: Access];
  /** Another permission of the same access that is enough as well. */
  readonly or?: string;
  readonly content?: boolean;
  readonly handle: (call: Call, repository: Repository) => Answer;
}

function permissionsOf({ permission, or }: RepositoryRoute): readonly RepositoryRoute["permission"][] {
  return or === undefined ? [permission] : [permission, [or, permission[1]]];
}

function guard(call: Call, repository: Repository, route: RepositoryRoute): Answer {
  const { caller } = call;
  const [, access] = route.permission;
  if (!sees(caller, repository)) return NOT_FOUND;
  if (repository.blocked === "legal") return failure(451, "Repository access blocked", { block: { reason: "dmca" } });
  if (repository.blocked === "disabled") return failure(403, "Repository access blocked", { block: { reason: "tos" } });
  const held = ([name]: RepositoryRoute["permission"]) =>
    caller.kind !== "installation" || mayAccess(caller.token.permissions, name, access);
  if (!permissionsOf(route).some(held)) return FORBIDDEN;
  if (caller.kind === "installation" && access === "write" && !isGiven(caller.token, repository)) return FORBIDDEN;
  if (repository.archived && access === "write") return failure(403, "Repository was archived so is read-only.");
  return route.handle(call, repository);
}

/** Routes below `/repos/{owner}/{repo}`, each also below `/repositories/{id}`; a renamed repository is a 301. */
export function repositoryRoutes(routes: readonly RepositoryRoute[]): Route[] {
  return routes.flatMap((route): Route[] => {
    const shared = {
      method: route.method,
      audience: "anyone" as const,
      permissions: permissionsOf(route),
      ...(route.content === undefined ? {} : { content: route.content }),
    };
    return [
      {
        ...shared,
        pattern: `/repos/:owner/:repo${route.path}`,
        handle: (call) => {
          const name = `${param(call, "owner")}/${param(call, "repo")}`.toLowerCase();
          const { byName, redirects, urls } = call.simulation.organisation;
          const repository = byName.get(name);
          if (repository !== undefined) return guard(call, repository, route);
          const moved = redirects.get(name);
          if (moved === undefined || !sees(call.caller, moved)) return NOT_FOUND;
          const rest = call.path.split("/").slice(4).join("/");
          const search = call.query.size === 0 ? "" : `?${call.query.toString()}`;
          const url = `${urls.api}/repositories/${moved.id}${rest === "" ? "" : `/${rest}`}${search}`;
          return { status: 301, headers: { location: url }, body: { message: "Moved Permanently", url } };
        },
      },
      {
        ...shared,
        pattern: `/repositories/:id${route.path}`,
        handle: (call) => {
          const repository = call.simulation.organisation.repositories.get(numberParam(call, "id"));
          return repository === undefined ? NOT_FOUND : guard(call, repository, route);
        },
      },
    ];
  });
}
