import type { Inspection, InspectRequest } from "./protocol.js";

export interface Inspected {
  readonly answer: Inspection;
  /** Milliseconds that it took, waiting for its turn not counted. */
  readonly tookMs: number;
}

/**
 * Reads one file with parsers and the secret detector, off the event loop and within a time limit. Never rejects for
 * what a file holds: a file that takes too long or crashes a parser is answered with a `problem`.
 */
export interface Inspector {
  /** Another one: the same file may be answered otherwise, by other rules or parsers. */
  readonly version: string;
  /**
   * `owner` names the installation whose file it is: one owner's files hold up no other's.
   * @throws PausedError once it is closed.
   */
  inspect(request: InspectRequest, owner?: string): Promise<Inspected>;
  /** Final: ends what runs, and no parser is started again. */
  close(): Promise<void>;
}

/** The same parsers, for one installation's files. */
export function inspectorFor(inspector: Inspector, installationId: bigint): Inspector {
  return { ...inspector, inspect: (request) => inspector.inspect(request, String(installationId)) };
}
