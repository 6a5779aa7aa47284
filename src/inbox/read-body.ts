import type { IncomingMessage } from "node:http";
import type { Share } from "./budget.js";
import { type Refusal, refusal } from "./refusal.js";

export type ReadBody =
  | { readonly kind: "read"; readonly chunks: readonly Buffer[]; readonly bytes: number }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "aborted" };

export interface BodyReading {
  readonly limitBytes: number;
  readonly timeoutMs: number;
  readonly share: Share;
  readonly onChunk: (chunk: Buffer) => void;
}

/**
 * Reads a request's body and counts it as it comes: the length in the headers may be absent or a lie. Stops reading at
 * the limit, when no memory is left for it, or when it takes too long; the request is left paused then. Never rejects.
 */
export function readBody(request: IncomingMessage, reading: BodyReading): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;

    const stop = (result: ReadBody): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      if (result.kind === "refused") request.pause();
      resolve(result);
    };
    const refuse = (status: Refusal["status"], reason: string): void =>
      stop({ kind: "refused", refusal: refusal(status, reason) });
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > reading.limitBytes) return refuse(413, `the body is over ${reading.limitBytes} bytes`);
      if (!reading.share.grow(chunk.length)) return refuse(503, "too many bodies are in flight");
      reading.onChunk(chunk);
      chunks.push(chunk);
    };
    const onEnd = (): void => stop({ kind: "read", chunks, bytes });
    const onClose = (): void => stop({ kind: "aborted" });
    const timer = setTimeout(() => refuse(408, "the body came too slowly"), reading.timeoutMs);

    // A sender that goes away emits 'error' before 'close'; without a listener it would end the process.
    request.on("error", ignore).on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function ignore(): void {}
