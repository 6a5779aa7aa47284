import { Readable } from "node:stream";
import { createDeflateRaw, deflateRawSync, inflateRaw } from "node:zlib";
import { promisify } from "node:util";

/** Level 1: a payload of 21 KB shrinks to a tenth in some 50 microseconds; higher levels cost more than they save. */
const LEVEL = 1;
/** Room for what most payloads shrink to: a larger buffer would be made anew for each. */
const ROOM = 4 * 1024;
/** Above it a body is compressed off the main thread, a chunk at a time. */
const SYNC_BYTES = 64 * 1024;
/** No body that was taken is larger; more can only be damage. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The bytes as they are stored: deflate-raw. */
export async function compress(chunks: readonly Buffer[], bytes: number): Promise<Buffer> {
  const [first] = chunks;
  if (bytes <= SYNC_BYTES)
    return deflateRawSync(chunks.length === 1 && first ? first : Buffer.concat(chunks, bytes), {
      level: LEVEL,
      chunkSize: ROOM,
    });
  const parts: Buffer[] = [];
  const deflate = Readable.from(chunks, { objectMode: false }).pipe(createDeflateRaw({ level: LEVEL }));
  for await (const part of deflate) if (Buffer.isBuffer(part)) parts.push(part);
  return Buffer.concat(parts);
}

const inflate = promisify(inflateRaw);

/** The bytes as they were signed. Rejects when the stored ones are damaged. */
export async function decompress(stored: Buffer): Promise<Buffer> {
  return inflate(stored, { maxOutputLength: MAX_BYTES });
}
