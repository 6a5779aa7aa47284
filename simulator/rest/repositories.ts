import { renderRepository } from "../render/repository.js";
import { renderUser } from "../render/user.js";
import { NO_CONTENT, NOT_FOUND, one } from "../server/answer.js";
import { param } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";

const READ = ["metadata", "read"] as const;

/** GitHub's older permission names, which know neither maintain nor triage. */
const OLD_NAMES = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
  none: "none",
} as const;

export const repositoryRootRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "",
    permission: READ,
    handle: (call, repository) => {
      const body = renderRepository(call.simulation.organisation.urls, repository);
      return one("full-repository", { ...body, subscribers_count: 0, network_count: 0 });
    },
  },
  {
    method: "GET",
    path: "/collaborators/:login/permission",
    permission: READ,
    handle: (call, repository) => {
      const { accounts, urls } = call.simulation.organisation;
      const account = accounts.get(param(call, "login").toLowerCase());
      if (account === undefined || account.deleted) return NOT_FOUND;
      const role = repository.roles.get(account.id) ?? (repository.visibility === "public" ? "read" : "none");
      const permission = OLD_NAMES[role];
      return one("repository-collaborator-permission", {
        permission,
        role_name: role,
        user: { ...renderUser(urls, account), role_name: role },
      });
    },
  },
  {
    method: "GET",
    path: "/collaborators",
    permission: READ,
    handle: (call, repository) => {
      const people = [...call.simulation.organisation.accounts.values()].filter((each) =>
        repository.roles.has(each.id),
      );
      return page(call, "collaborator", people, (each) => ({
        ...renderUser(call.simulation.organisation.urls, each),
        role_name: repository.roles.get(each.id) ?? "read",
      }));
    },
  },
  {
    method: "GET",
    path: "/collaborators/:login",
    permission: READ,
    handle: (call, repository) => {
      const account = call.simulation.organisation.accounts.get(param(call, "login").toLowerCase());
      return account !== undefined && repository.roles.has(account.id) ? NO_CONTENT : NOT_FOUND;
    },
  },
]);
