import { isGiven, sees } from "../auth/caller.js";
import { renderRepository } from "../render/repository.js";
import { renderOrganization, renderUser } from "../render/user.js";
import { failure, FORBIDDEN, NOT_FOUND, one } from "../server/answer.js";
import { param } from "../server/call.js";
import { limitsOf } from "../server/gate.js";
import { page } from "../server/page.js";
import type { Route } from "../server/route.js";

/** What belongs to no repository: the caller's quota, repositories, accounts. */
export const rootRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/rate_limit",
    audience: "anyone",
    free: true,
    handle: ({ simulation, caller }) => {
      if (simulation.limits.disabled) return failure(404, "Rate limiting is not enabled.");
      const limits = limitsOf(simulation, caller);
      const now = Date.now();
      const show = (window: typeof limits.rest) => {
        const { limit, used, remaining, resetAt } = window.state(now);
        return { limit, used, remaining, reset: Math.ceil(resetAt / 1000) };
      };
      const core = show(limits.rest);
      const search = { limit: 30, used: 0, remaining: 30, reset: core.reset };
      return one("rate-limit-overview", { resources: { core, graphql: show(limits.graphql), search }, rate: core });
    },
  },
  {
    method: "GET",
    pattern: "/meta",
    audience: "anyone",
    handle: () => one("api-overview", { verifiable_password_authentication: false, hooks: ["127.0.0.1/32"] }),
  },
  {
    method: "GET",
    pattern: "/installation/repositories",
    audience: "token",
    handle: (call) => {
      const { caller, simulation } = call;
      if (caller.kind !== "installation") return FORBIDDEN;
      const { installation } = caller.token;
      const repositories = [...simulation.organisation.repositories.values()].filter((each) =>
        isGiven(caller.token, each),
      );
      return page(
        call,
        "repository",
        repositories,
        (each) => renderRepository(simulation.organisation.urls, each),
        (rendered, total) => ({
          total_count: total,
          repository_selection: installation.selection,
          repositories: rendered,
        }),
      );
    },
  },
  {
    method: "GET",
    pattern: "/user",
    audience: "user",
    handle: ({ caller, simulation }) =>
      caller.kind === "user"
        ? one("simple-user", {
            ...renderUser(simulation.organisation.urls, caller.token.account),
            name: null,
            email: null,
          })
        : FORBIDDEN,
  },
  {
    method: "GET",
    pattern: "/users/:login",
    audience: "anyone",
    handle: (call) => {
      const { accounts, urls } = call.simulation.organisation;
      const found = accounts.get(param(call, "login").toLowerCase());
      return found === undefined || found.deleted ? NOT_FOUND : one("simple-user", renderUser(urls, found));
    },
  },
  {
    method: "GET",
    pattern: "/orgs/:org",
    audience: "token",
    handle: (call) => {
      const { accounts, urls } = call.simulation.organisation;
      const found = accounts.get(param(call, "org").toLowerCase());
      return found?.type !== "Organization" ? NOT_FOUND : one("organization-simple", renderOrganization(urls, found));
    },
  },
  {
    method: "GET",
    pattern: "/orgs/:org/repos",
    audience: "token",
    handle: (call) => {
      const { organisation } = call.simulation;
      const org = param(call, "org").toLowerCase();
      const visible = [...organisation.repositories.values()].filter(
        (each) => each.owner.login.toLowerCase() === org && sees(call.caller, each),
      );
      const newestFirst = call.query.get("sort") === "updated" || call.query.get("sort") === "pushed";
      if (newestFirst) visible.sort((a, b) => (b.pushedAt ?? 0) - (a.pushedAt ?? 0));
      return page(call, "repository", visible, (each) => renderRepository(organisation.urls, each));
    },
  },
];
