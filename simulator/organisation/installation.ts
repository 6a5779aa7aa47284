import type { Account, Seconds } from "./account.js";
import type { Repository } from "./repository.js";

export type Access = "read" | "write";

/** The App as GitHub knows it. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: Account;
  /** The account whose login ends in `[bot]`, the author of what the App writes. */
  readonly bot: Account;
  permissions: Permissions;
  events: readonly string[];
}

export interface Permissions {
  readonly [name: string]: Access;
}

/** The App on one account. */
export interface Installation {
  readonly kind: "installation";
  readonly id: number;
  readonly account: Account;
  selection: "all" | "selected";
  /** Only for `selected`. */
  readonly selected: Set<Repository>;
  permissions: Permissions;
  events: readonly string[];
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  suspendedAt: Seconds | null;
  suspendedBy: Account | null;
}

/** Whether the installation sees the repository. */
export function covers(installation: Installation, repository: Repository): boolean {
  return (
    repository.owner === installation.account &&
    (installation.selection === "all" || installation.selected.has(repository))
  );
}
