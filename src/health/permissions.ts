/** What `app.yml` asks for. */
export interface Wanted {
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** What somebody granted: the App's own settings, or one installation. */
export interface Granted {
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

const RANK: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 };

/** Permissions that are not granted, or not as far as wanted, as `issues: write`. More than wanted is well. */
export function missingPermissions(granted: Granted["permissions"], wanted: Wanted["permissions"]): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, level]) => (RANK[granted[name] ?? ""] ?? 0) < (RANK[level] ?? 0))
    .map(([name, level]) => `${name}: ${level}`);
}

export function missingEvents(subscribed: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.filter((event) => !subscribed.includes(event));
}
