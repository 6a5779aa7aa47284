/** Who is to be told how to reconnect. */
export interface Disconnected {
  /** Null: the App itself is refused. */
  readonly installationId: bigint | null;
  readonly account: string | null;
  /** GitHub's web address. */
  readonly serverUrl: string;
}

/** What those who can act have to do: owners of the account for an installation, the operator for the App itself. */
export function reconnectRemedy({ installationId, account, serverUrl }: Disconnected): string {
  if (installationId === null)
    return "The operator: compare APP_ID and PRIVATE_KEY with the App's settings page and this machine's clock with GitHub's, then restart.";
  const settings = `${serverUrl}/organizations/${account ?? "<account>"}/settings/installations/${installationId}`;
  return `An owner of ${account ?? "the account"}: open ${settings} and accept the permissions that are asked for, unsuspend the App, or install it anew. If every installation is refused, the operator: check APP_ID and PRIVATE_KEY.`;
}
