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

/** Node's overhead for a chunk. */
const CHUNK_OVERHEAD = 256;
/**
 * The allowed pieces of a body: this many, and one more for each given number of bytes. TCP segments carry at least 536
 * bytes, and chunked bodies use chunks of kilobytes.
 */
const FREE_CHUNKS = 512;
const BYTES_PER_CHUNK = 128;

/**
 * Reads a request's body and counts its bytes and pieces as they arrive, because the declared length may be missing or
 * false. Stops at a limit, without memory, or after the time limit. Never rejects.
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

    // A disconnecting sender emits 'error' before 'close'; without a listener it would end the process.
    request.on("error", ignore).on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function ignore(): void {}
