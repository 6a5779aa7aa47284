/** Seconds since 1970: GitHub's resolution of time. */
export type Seconds = number;

export type AccountType = "User" | "Bot" | "Organization" | "Mannequin";

/** A person, a bot or an organisation. A deleted one is a ghost: whatever it wrote has no author any more. */
export interface Account {
  readonly kind: "account";
  readonly id: number;
  login: string;
  readonly type: AccountType;
  name: string | null;
  deleted: boolean;
  /** Of an organisation: who is in it, by id. */
  readonly members: Map<number, "admin" | "member">;
}

export interface Team {
  readonly kind: "team";
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly members: Account[];
}

/** The author as GitHub shows it: nobody, once the account is deleted. */
export function shown(account: Account | null): Account | null {
  return account === null || account.deleted ? null : account;
}

export function allShown(accounts: readonly Account[]): Account[] {
  return accounts.filter((account) => !account.deleted);
}

/** Whether the person owns the account: an organisation's admin, or the account itself. */
export function isOwner(person: Account, owner: Account): boolean {
  return person === owner || owner.members.get(person.id) === "admin";
}
