/**
 * Every part by which a secret could be recognised in a text: the value; each entry of a comma-separated list; the text
 * after an id (`k1:…`) or a name (`api-key=…`, with or without its scheme); the password and the path of a URL, also
 * decoded; the lines of a key.
 */
export function secretParts(value: string): readonly string[] {
  const parts = [value, ...value.split(",").map((part) => part.trim())].flatMap((part) => [
    part,
    ...urlParts(part),
    ...keyLines(part),
    ...(/^[\w-]+:(?!\/\/)(.+)$/s.exec(part)?.slice(1) ?? []),
    ...namedValue(part),
  ]);
  return [...new Set(parts)].filter((part) => part !== "");
}

function urlParts(text: string): readonly string[] {
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) return [];
  const { protocol, username, password, pathname, search } = new URL(text);
  // Messages name the database and its role. Both may be long, and neither is a secret.
  const isDatabase = /^(?:postgres(?:ql)?|rediss?):$/.test(protocol);
  // A short path is not a secret; a token is long.
  const path = isDatabase ? [] : pathname.split("/");
  const long = [...path, ...search.slice(1).split(/[&=]/)].filter((part) => part.length >= 16);
  // The user of a Sentry DSN is its key. A short password may be a common word, so it is redacted only inside its URL.
  const users = [...(isDatabase ? [] : [username]), password].filter((part) => part.length >= 12);
  return [...users, ...long].flatMap((part) => [part, decoded(part)]);
}

/** The value of `name=value`, as in a list of headers. Base64 padding is not a value. */
function namedValue(text: string): readonly string[] {
  const [, raw] = /^[\w.-]+=([^=].*)$/s.exec(text) ?? [];
  if (raw === undefined) return [];
  const value = decoded(raw);
  return [raw, value, ...value.split(/\s+/).filter((word) => word.length >= 12)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** PEM: a part of a key in an error reveals the key as well. */
function keyLines(text: string): readonly string[] {
  if (!text.includes("PRIVATE KEY")) return [];
  return text.split(/\r?\n|\\n/).filter((line) => !line.startsWith("-----") && line.length >= 8);
}
