import { z } from "zod";
import { covers, type Installation } from "../organisation/installation.js";
import type { Repository } from "../organisation/repository.js";
import { renderApp, renderInstallation } from "../render/app.js";
import { failure, NOT_FOUND, one, type Answer } from "../server/answer.js";
import { Answered, bodyOf, numberParam, param, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import type { Route } from "../server/route.js";

const TokenRequest = z.object({
  repository_ids: z.array(z.number()).optional(),
  repositories: z.array(z.string()).optional(),
  permissions: z.record(z.string(), z.enum(["read", "write"])).optional(),
});

function installationOf(call: Call): Installation {
  const found = call.simulation.organisation.installations.get(numberParam(call, "id"));
  if (found === undefined) throw new Answered(NOT_FOUND);
  return found;
}

function createToken(call: Call): Answer {
  const { organisation, tokens } = call.simulation;
  const installation = installationOf(call);
  if (installation.suspendedAt !== null) return failure(403, "This installation has been suspended");
  const wanted = bodyOf(call, TokenRequest);
  const ids = [
    ...(wanted.repository_ids ?? []),
    ...(wanted.repositories ?? []).map(
      (name) => organisation.byName.get(`${installation.account.login}/${name}`.toLowerCase())?.id ?? -1,
    ),
  ];
  for (const [name, access] of Object.entries(wanted.permissions ?? {})) {
    const granted = installation.permissions[name];
    if (granted === undefined || (access === "write" && granted === "read")) {
      return failure(422, "The permissions requested are not granted to this installation.");
    }
  }
  const made = tokens.forInstallation(Date.now(), {
    installation,
    permissions: wanted.permissions ?? installation.permissions,
    repositoryIds: wanted.repository_ids === undefined && wanted.repositories === undefined ? null : ids,
  });
  return one(
    "installation-token",
    {
      token: made.token,
      expires_at: `${new Date(made.expiresAt).toISOString().slice(0, 19)}Z`,
      permissions: { ...made.permissions },
      repository_selection: installation.selection,
    },
    201,
  );
}

function byOwner(call: Call, owner: string | undefined): Answer {
  const { organisation } = call.simulation;
  const found = [...organisation.installations.values()].find(
    (each) => each.account.login.toLowerCase() === owner?.toLowerCase(),
  );
  return found === undefined ? NOT_FOUND : one("installation", renderInstallation(organisation, found));
}

/** The installation that sees the repository; a renamed one is a 301. */
function byRepository(call: Call, repository: Repository | undefined): Answer {
  const { organisation } = call.simulation;
  const found = repository && [...organisation.installations.values()].find((each) => covers(each, repository));
  return found === undefined ? NOT_FOUND : one("installation", renderInstallation(organisation, found));
}

function byName(call: Call): Answer {
  const { byName: names, redirects, urls } = call.simulation.organisation;
  const name = `${param(call, "owner")}/${param(call, "repo")}`.toLowerCase();
  const moved = names.has(name) ? undefined : redirects.get(name);
  if (moved === undefined) return byRepository(call, names.get(name));
  const url = `${urls.api}/repositories/${moved.id}/installation`;
  return { status: 301, headers: { location: url }, body: { message: "Moved Permanently", url } };
}

/** The App about itself, with its JWT. */
export const appRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/app",
    audience: "app",
    handle: ({ simulation: { organisation } }) =>
      one("integration", { ...renderApp(organisation), installations_count: organisation.installations.size }),
  },
  {
    method: "GET",
    pattern: "/app/installations",
    audience: "app",
    handle: (call) => {
      const { organisation } = call.simulation;
      return page(call, "installation", [...organisation.installations.values()], (each) =>
        renderInstallation(organisation, each),
      );
    },
  },
  {
    method: "GET",
    pattern: "/app/installations/:id",
    audience: "app",
    handle: (call) => one("installation", renderInstallation(call.simulation.organisation, installationOf(call))),
  },
  { method: "POST", pattern: "/app/installations/:id/access_tokens", audience: "app", handle: createToken },
  {
    method: "GET",
    pattern: "/repos/:owner/:repo/installation",
    audience: "app",
    handle: byName,
  },
  {
    method: "GET",
    pattern: "/repositories/:id/installation",
    audience: "app",
    handle: (call) => byRepository(call, call.simulation.organisation.repositories.get(numberParam(call, "id"))),
  },
  {
    method: "GET",
    pattern: "/orgs/:owner/installation",
    audience: "app",
    handle: (call) => byOwner(call, call.params["owner"]),
  },
];
