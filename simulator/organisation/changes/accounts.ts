import { account, type Organisation } from "../organisation.js";
import { ChangeRefused } from "./find.js";
import { rekey } from "./repositories.js";

/** Deletes an account: it becomes a ghost in everything it wrote. GitHub tells nobody. */
export function deleteAccount(organisation: Organisation, input: { readonly login: string }): void {
  account(organisation, input.login).deleted = true;
}

export interface SetMembership {
  readonly organization: string;
  readonly login: string;
  readonly role: "admin" | "member" | "none";
}

/** Takes a person into an organisation, or out of it. The App does not subscribe to the event of that. */
export function setMembership(organisation: Organisation, { organization, login, role }: SetMembership): void {
  const { members } = account(organisation, organization, "Organization");
  const { id } = account(organisation, login);
  if (role === "none") members.delete(id);
  else members.set(id, role);
}

export interface RenameAccount {
  readonly login: string;
  readonly to: string;
}

/** Renames an account, and with it all its repositories. GitHub tells those only who ask for `installation_target`. */
export function renameAccount(organisation: Organisation, { login, to }: RenameAccount): void {
  const renamed = account(organisation, login);
  if (organisation.accounts.has(to.toLowerCase())) throw new ChangeRefused(422, `${to} is taken`);
  organisation.accounts.delete(login.toLowerCase());
  organisation.accounts.set(to.toLowerCase(), renamed);
  const owned = [...organisation.repositories.values()].filter(({ owner }) => owner === renamed);
  rekey(organisation, owned, () => {
    renamed.login = to;
  });
}
