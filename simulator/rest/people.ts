import { z } from "zod";
import { sees, type Caller } from "../auth/caller.js";
import { isOwner, type Account } from "../organisation/account.js";
import { covers, type Installation } from "../organisation/installation.js";
import type { Repository } from "../organisation/repository.js";
import { renderInstallation } from "../render/app.js";
import { renderRepository } from "../render/repository.js";
import { renderOrganization, renderUser } from "../render/user.js";
import { failure, FORBIDDEN, NO_CONTENT, NOT_FOUND, type Answer } from "../server/answer.js";
import { bodyOf, numberParam, param, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import type { Route } from "../server/route.js";

function personOf(caller: Caller): Account | null {
  return caller.kind === "user" ? caller.token.account : null;
}

/** The repositories of an installation on which the person has a role of their own, or as an owner. */
function given(call: Call, installation: Installation, person: Account): readonly Repository[] {
  const { organisation } = call.simulation;
  return [...organisation.repositories.values()].filter((repository) => {
    if (!covers(installation, repository)) return false;
    const role = repository.roles.get(person.id) ?? "none";
    return role !== "none" || isOwner(person, installation.account);
  });
}

function visible(call: Call, installation: Installation, person: Account): boolean {
  return isOwner(person, installation.account) || given(call, installation, person).length > 0;
}

function installations(call: Call): Answer {
  const { organisation } = call.simulation;
  const person = personOf(call.caller);
  if (person === null) return FORBIDDEN;
  const found = [...organisation.installations.values()].filter((each) => visible(call, each, person));
  return page(
    call,
    "installation",
    found,
    (each) => renderInstallation(organisation, each),
    (rendered, total) => ({ total_count: total, installations: rendered }),
  );
}

function repositories(call: Call): Answer {
  const { organisation } = call.simulation;
  const person = personOf(call.caller);
  const installation = organisation.installations.get(numberParam(call, "id"));
  if (person === null) return FORBIDDEN;
  if (installation === undefined || !visible(call, installation, person)) return NOT_FOUND;
  return page(
    call,
    "repository",
    given(call, installation, person).filter((each) => sees(call.caller, each)),
    (each) => renderRepository(organisation.urls, each),
    (rendered, total) => ({ total_count: total, repositories: rendered }),
  );
}

function membership(call: Call): Answer {
  const { accounts, urls } = call.simulation.organisation;
  const person = personOf(call.caller);
  const organization = accounts.get(param(call, "org").toLowerCase());
  const role = person && organization?.members.get(person.id);
  if (!person || !organization || !role) return NOT_FOUND;
  return {
    status: 200,
    body: {
      url: `${urls.api}/orgs/${organization.login}/memberships/${person.login}`,
      organization_url: `${urls.api}/orgs/${organization.login}`,
      state: "active",
      role,
      organization: renderOrganization(urls, organization),
      user: renderUser(urls, person),
    },
  };
}

const Revocation = z.object({ access_token: z.string() });

/** The App takes back everything that a person allowed it: Basic authentication with client id and secret. */
function deleteGrant(call: Call): Answer {
  const { simulation } = call;
  const { clientId } = simulation.organisation.app;
  const expected = Buffer.from(`${clientId}:${simulation.clientSecret}`).toString("base64");
  if (call.headers.authorization !== `Basic ${expected}`) return failure(401, "Bad credentials");
  if (param(call, "client_id") !== clientId) return NOT_FOUND;
  const { access_token: secret } = bodyOf(call, Revocation);
  const token = simulation.tokens.users.get(secret);
  if (token === undefined) return NOT_FOUND;
  simulation.tokens.revokeUser(token.account);
  return NO_CONTENT;
}

/** What a person's own token shows, and how the App gives it back. */
export const peopleRoutes: readonly Route[] = [
  { method: "GET", pattern: "/user/installations", audience: "user", handle: installations },
  { method: "GET", pattern: "/user/installations/:id/repositories", audience: "user", handle: repositories },
  { method: "GET", pattern: "/user/memberships/orgs/:org", audience: "user", handle: membership },
  { method: "DELETE", pattern: "/applications/:client_id/grant", audience: "anyone", handle: deleteGrant },
];
