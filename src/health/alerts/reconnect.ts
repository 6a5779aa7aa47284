/** Who is to be told how to reconnect. */
export interface Disconnected {
  /** Null: the App itself is refused. */
  readonly installationId: bigint | null;
  readonly account: string | null;
  /** `Organization` or `User`, as GitHub names them; null: not known. */
  readonly accountType: string | null;
  /** GitHub's web address. */
  readonly serverUrl: string;
}

/** What those who can act have to do: owners of the account for an installation, the operator for the App itself. */
export function reconnectRemedy(who: Disconnected): string {
  const { installationId, account } = who;
  if (installationId === null)
    return "The operator: compare APP_ID and PRIVATE_KEY with the App's settings page and this machine's clock with GitHub's, then restart.";
  return `An owner of ${account ?? "the account"}: open ${settingsOf(who)} and accept the requested permissions, unsuspend the App, or install it again. If GitHub refuses every installation, the operator: check APP_ID and PRIVATE_KEY.`;
}

/** A person's installations are not under their name. */
function settingsOf({ installationId, account, accountType, serverUrl }: Disconnected): string {
  const owner = accountType === "User" ? "" : `/organizations/${account ?? "<account>"}`;
  return `${serverUrl}${owner}/settings/installations/${installationId}`;
}
