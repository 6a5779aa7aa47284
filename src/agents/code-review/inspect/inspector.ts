import type { Inspection, InspectRequest } from "./protocol.js";

export interface Inspected {
  readonly answer: Inspection;
  /** The time that it took (ms), without waiting for its turn. */
  readonly tookMs: number;
}

/**
 * Inspects one file with parsers and the secret detector, off the event loop and within a time limit. Never rejects
 * because of a file's content: a file that takes too long or crashes a parser gets a `problem`.
 */
export interface Inspector {
  /** A version of rules and parsers. With another version results may differ. */
  readonly version: string;
  /**
   * `owner` is the file's installation, so that one owner's files do not delay the others'.
   * @throws PausedError once it is closed.
   */
  inspect(request: InspectRequest, owner?: string): Promise<Inspected>;
  /** Final: ends running work, and starts no parser again. */
  close(): Promise<void>;
}

/** The same parsers, for one installation's files. */
export function inspectorFor(inspector: Inspector, installationId: bigint): Inspector {
  return { ...inspector, inspect: (request) => inspector.inspect(request, String(installationId)) };
}
