/** One pause of writes to GitHub. */
export interface PausedWrites {
  /** Null: everywhere. */
  readonly installation: string | null;
  readonly account: string | null;
  /** ISO 8601. */
  readonly since: string;
  readonly reason: string | null;
}

/** The sentence for people. */
export function pausedWords(paused: PausedWrites): string {
  const { installation, account } = paused;
  const where = installation === null ? "everywhere" : `for installation ${installation} (${account ?? "unknown"})`;
  return `writes are ${pausedSince(paused)}, ${where}`;
}

export function pausedSince({ since, reason }: PausedWrites): string {
  return `paused since ${since}${reason === null ? "" : ` (${reason})`}`;
}

export function pausedRemedy({ installation }: PausedWrites): string {
  const of = installation === null ? "" : ` --installation ${installation}`;
  return `'companyos-github writes resume${of}' allows writes again and performs the stopped ones.`;
}
