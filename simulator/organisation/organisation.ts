import type { Account, AccountType, Seconds, Team } from "./account.js";
import type {
  Comment,
  Issue,
  Label,
  PullRequest,
  Reaction,
  Review,
  ReviewComment,
  ReviewThread,
} from "./conversation.js";
import type { Delivery } from "./delivery.js";
import type { App, Installation } from "./installation.js";
import type { CheckRun, Commit, Deployment, DeploymentStatus, Release, Repository } from "./repository.js";

export type Node =
  | Account
  | Team
  | Repository
  | Label
  | Issue
  | PullRequest
  | Comment
  | Reaction
  | Review
  | ReviewComment
  | ReviewThread
  | Commit
  | Deployment
  | DeploymentStatus
  | Release
  | CheckRun
  | Installation;

/** An advisory of GitHub's database about one package. */
export interface Advisory {
  readonly ghsa: string;
  readonly type: "reviewed" | "malware";
  readonly severity: "critical" | "high" | "medium" | "low";
  readonly ecosystem: "npm" | "pip" | "go" | "rust";
  readonly name: string;
  /** Such as `>= 1.0.0, < 1.4.2`. */
  readonly range: string;
  readonly fixed: string | null;
}

export interface Urls {
  /** REST, without a slash at the end. */
  api: string;
  /** What people open in a browser. */
  html: string;
}

/**
 * Everything that GitHub holds: accounts, repositories and what is in them, the App and its installations.
 * It has no clock of its own: `now` is given, and every change is stamped with it in whole seconds.
 */
export interface Organisation {
  readonly app: App;
  readonly urls: Urls;
  /** The account that the demo is about; others may exist. */
  readonly main: Account;
  readonly now: () => Date;
  /** Every node by its id; ids are unique over all kinds. */
  readonly nodes: Map<number, Node>;
  readonly accounts: Map<string, Account>;
  readonly repositories: Map<number, Repository>;
  /** By lower-case full name. */
  readonly byName: Map<string, Repository>;
  /** Full names that redirect after a rename or a transfer. */
  readonly redirects: Map<string, Repository>;
  readonly installations: Map<number, Installation>;
  readonly teams: Team[];
  /** GitHub's database of advisories. */
  readonly advisories: Advisory[];
  nextId: number;
  /** What GitHub would send for the changes so far, in order; `drain` empties it. */
  outbox: Delivery[];
  /** Set while an organisation is filled before anyone watches: no delivery is made. */
  silent: boolean;
}

export function newId(organisation: Organisation): number {
  organisation.nextId += 1;
  return organisation.nextId;
}

/** The current time in whole seconds. */
export function seconds(organisation: Organisation): Seconds {
  return Math.floor(organisation.now().getTime() / 1000);
}

export function register<N extends Node>(organisation: Organisation, node: N): N {
  organisation.nodes.set(node.id, node);
  return node;
}

/** Finds or creates an account by its login. */
export function account(
  organisation: Organisation,
  login: string,
  type: AccountType = login.endsWith("[bot]") ? "Bot" : "User",
): Account {
  const found = organisation.accounts.get(login.toLowerCase());
  if (found !== undefined) return found;
  const made: Account = {
    kind: "account",
    id: newId(organisation),
    login,
    type,
    name: null,
    deleted: false,
    members: new Map(),
  };
  organisation.accounts.set(login.toLowerCase(), made);
  return register(organisation, made);
}
