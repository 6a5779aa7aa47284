/** The readers of the instructions to reconnect. */
export interface Disconnected {
  /** Null: GitHub refuses the App itself. */
  readonly installationId: bigint | null;
  readonly account: string | null;
  /** `Organization` or `User`, as GitHub names them; null: unknown. */
  readonly accountType: string | null;
  /** GitHub's web address. */
  readonly serverUrl: string;
}

/** The remedy: for owners of the account if an installation is refused, for the operator if the App itself is. */
export function reconnectRemedy(who: Disconnected): string {
  const { installationId, account } = who;
  if (installationId === null)
    return "The operator: compare APP_ID and PRIVATE_KEY with the App's settings page and this machine's clock with GitHub's, then restart.";
  return `An owner of ${account ?? "the account"}: open ${settingsOf(who)} and accept the requested permissions, unsuspend the App, or install it again. If GitHub refuses every installation, the operator: check APP_ID and PRIVATE_KEY.`;
}

/** The settings of a user account's installations have no login in their address. */
function settingsOf({ installationId, account, accountType, serverUrl }: Disconnected): string {
  const owner = accountType === "User" ? "" : `/organizations/${account ?? "<account>"}`;
  return `${serverUrl}${owner}/settings/installations/${installationId}`;
}
