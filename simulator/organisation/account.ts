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
