import type { IncomingMessage } from "node:http";
import type { Share } from "./budget.js";
import { type Refusal, refusal, stopReading } from "./refusal.js";

export type ReadBody =
  | { readonly kind: "read"; readonly chunks: readonly Buffer[]; readonly bytes: number }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "aborted" };

export interface BodyReading {
  readonly limitBytes: number;
  readonly timeoutMs: number;
  readonly share: Share;
  readonly onChunk?: (chunk: Buffer) => void;
}

/** What Node keeps for a chunk beside its bytes. */
const CHUNK_OVERHEAD = 256;
/**
 * A body may come in so many pieces, and one more for each so many bytes. A segment of TCP carries 536 bytes and more,
 * and whatever chunks a body chunks it by the kilobyte.
 */
const FREE_CHUNKS = 512;
const BYTES_PER_CHUNK = 128;

/**
 * Reads a request's body and counts it as it comes, its bytes and its pieces: the length in the headers may be absent or
 * a lie. Stops reading at a limit, when no memory is left for it, or when it takes too long. Never rejects.
 */
export function readBody(request: IncomingMessage, reading: BodyReading): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;

    const stop = (result: ReadBody): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      if (result.kind === "refused") stopReading(request);
      resolve(result);
    };
    const refuse = (status: Refusal["status"], reason: string): void =>
      stop({ kind: "refused", refusal: refusal(status, reason) });
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > reading.limitBytes) return refuse(413, `the body is over ${reading.limitBytes} bytes`);
      if (chunks.length > FREE_CHUNKS + bytes / BYTES_PER_CHUNK)
        return refuse(400, "the body arrives in too many small pieces");
      if (!reading.share.grow(chunk.length + CHUNK_OVERHEAD)) return refuse(503, "too many bodies are being received");
      reading.onChunk?.(chunk);
      chunks.push(chunk);
    };
    const onEnd = (): void => stop({ kind: "read", chunks, bytes });
    const onClose = (): void => stop({ kind: "aborted" });
    const timer = setTimeout(() => refuse(408, "the body arrived too slowly"), reading.timeoutMs);

    // A sender that goes away emits 'error' before 'close'; without a listener it would end the process.
    request.on("error", ignore).on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function ignore(): void {}
