import { Readable } from "node:stream";
import { createDeflateRaw, inflateRaw } from "node:zlib";
import { promisify } from "node:util";
import { compressSync, uncompress } from "snappy";

/** The encodings of a stored body. */
export type Encoding = "snappy" | "deflate-raw";

export interface Compressed {
  readonly encoding: Encoding;
  readonly body: Buffer;
}

/** Larger bodies are compressed off the main thread, a chunk at a time. */
const SYNC_BYTES = 64 * 1024;
/** Level 1: higher levels cost more time than they save space. */
const LEVEL = 1;
/** No accepted body is larger; a larger result means damage. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Compresses a body. Most payloads are small: Snappy takes a fifth of deflate's time for a third more bytes, and that
 * time limits the deliveries per second. Large ones use deflate, in a stream.
 */
export async function compress(chunks: readonly Buffer[], bytes: number): Promise<Compressed> {
  const [first] = chunks;
  if (bytes <= SYNC_BYTES) {
    const whole = chunks.length === 1 && first ? first : Buffer.concat(chunks, bytes);
    return { encoding: "snappy", body: compressSync(whole, { copyOutputData: true }) };
  }
  const parts: Buffer[] = [];
  const deflate = Readable.from(chunks, { objectMode: false }).pipe(createDeflateRaw({ level: LEVEL }));
  for await (const part of deflate) if (Buffer.isBuffer(part)) parts.push(part);
  return { encoding: "deflate-raw", body: Buffer.concat(parts) };
}

const inflate = promisify(inflateRaw);

/** The signed bytes. Rejects when the stored bytes are damaged, or have an unknown encoding. */
export async function decompress(encoding: string, stored: Buffer): Promise<Buffer> {
  if (encoding === "deflate-raw") return inflate(stored, { maxOutputLength: MAX_BYTES });
  if (encoding !== "snappy") throw new Error(`the body is stored as ${encoding}, which this version cannot read`);
  const bytes = await uncompress(stored, { asBuffer: true });
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
}
