const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A delivery's GUID in lower case, as GitHub writes it; null when the text is not a GUID. */
export function readGuid(text: string): string | null {
  return GUID.test(text) ? text.toLowerCase() : null;
}
