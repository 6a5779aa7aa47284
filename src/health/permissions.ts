/** The permissions and events in `app.yml`. */
export interface Wanted {
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** The granted permissions and events: of the App's own settings, or of one installation. */
export interface Granted {
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

const RANK: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 };

/** Missing or insufficient permissions, such as `issues: write`. A higher level than needed is fine. */
export function missingPermissions(granted: Granted["permissions"], wanted: Wanted["permissions"]): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, level]) => (RANK[granted[name] ?? ""] ?? 0) < (RANK[level] ?? 0))
    .map(([name, level]) => `${name}: ${level}`);
}

export function missingEvents(subscribed: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.filter((event) => !subscribed.includes(event));
}
