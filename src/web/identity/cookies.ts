/**
 * A cookie of this server. `secure`: the site uses https, and the `__Host-` prefix binds the cookie to this host and
 * path.
 */
export interface Cookies {
  readonly session: string;
  readonly signIn: string;
  /** A `Set-Cookie` header. Lax, because GitHub's redirect to the callback must carry it. */
  set(name: string, value: string, maxAgeMs: number): string;
  clear(name: string): string;
}

export function cookiesFor(secure: boolean): Cookies {
  const prefix = secure ? "__Host-" : "";
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  return {
    session: `${prefix}companyos`,
    signIn: `${prefix}companyos-sign-in`,
    set: (name, value, maxAgeMs) => `${name}=${value}; Max-Age=${Math.floor(maxAgeMs / 1000)}; ${attributes}`,
    clear: (name) => `${name}=; Max-Age=0; ${attributes}`,
  };
}

/**
 * A cookie's value if it has the form of this app's secrets; null otherwise, and when it appears twice with two values.
 */
export function cookieOf(header: string | null, name: string): string | null {
  const values = new Set<string>();
  for (const part of (header ?? "").split(";")) {
    const [key, value] = part.trim().split(/=(.*)/s);
    if (key === name && value !== undefined) values.add(value);
  }
  const [only] = values;
  return values.size === 1 && only !== undefined && /^[\w-]{43}$/.test(only) ? only : null;
}
