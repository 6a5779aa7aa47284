/** The same server and role, another database. */
export function onDatabase(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${encodeURIComponent(database)}`;
  return parsed.href;
}

/** The database's name; without one in the URL, PostgreSQL uses the role's name. */
export function databaseName(url: string): string {
  const { pathname, username } = new URL(url);
  return decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username);
}

/** The address of the URL without its password. */
export function withoutPassword(url: string): string {
  const { hostname, port, username } = new URL(url);
  return `${username}@${hostname}:${port || "5432"}/${databaseName(url)}`;
}
