/** MessagePack's 32-bit and 64-bit unsigned integers. */
const UINT32 = 0xce;
const UINT64 = 0xcf;

/**
 * The numeric id in a global node id, the only id that GraphQL returns for labels and deployment statuses. GitHub's
 * newer ids are a prefix and MessagePack of a zero, the repository's id and the object's id. The format is
 * undocumented, so the result counts only if it contains the expected repository; null sends the caller to REST.
 * Source: the format as read by github.com/athenianco/ghid.
 */
export function numberInNodeId(id: string, repositoryId: number): number | null {
  const text = /^[A-Z]+_([\w-]+)$/i.exec(id)?.[1];
  if (text === undefined) return null;
  const bytes = Buffer.from(text, "base64url");
  // An array of three: zero, repository, number.
  if (bytes[0] !== 0x93 || bytes[1] !== 0) return null;
  const repository = readNumber(bytes, 2);
  const own = repository && readNumber(bytes, repository.end);
  if (!repository || !own || own.end !== bytes.length || repository.value !== repositoryId) return null;
  return own.value;
}

function readNumber(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | null {
  const kind = bytes[at];
  if (kind === UINT32 && bytes.length >= at + 5) return { value: bytes.readUInt32BE(at + 1), end: at + 5 };
  if (kind !== UINT64 || bytes.length < at + 9) return null;
  const value = Number(bytes.readBigUInt64BE(at + 1));
  return Number.isSafeInteger(value) ? { value, end: at + 9 } : null;
}
