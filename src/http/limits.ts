/** What the HTTP server takes at most, whatever the path. Milliseconds and bytes. */
export interface ServerLimits {
  /** Connections at once. One more closes the one that has been idle, or sending its body, for longest. */
  readonly connections: number;
  /**
   * Requests of one connection that are not answered, or whose answers are not read. One more closes it: neither GitHub
   * nor a browser nor a proxy sends a request before it has the answer to the last one.
   */
  readonly unanswered: number;
  /** Answers under way at once, the free paths and the inbox apart. */
  readonly answers: number;
  /** Of those, on one path. */
  readonly answersPerPath: number;
  /** Of a request's body, the inbox apart. */
  readonly bodyBytes: number;
  /** From the headers to the last byte of a body. */
  readonly bodyMs: number;
  /** How long a refused sender may take to read its answer before the connection is cut. */
  readonly lingerMs: number;
  /** A connection on which nothing moves for so long is closed: its answer is not read. A stream sends a comment more often. */
  readonly stillMs: number;
  /** For single paths: another bound on their answers at once (streams of events stay open), or on their bodies. */
  readonly paths: Readonly<Record<string, { readonly answers?: number; readonly bodyBytes?: number }>>;
}

const KB = 1024;

export const SERVER_LIMITS: ServerLimits = {
  connections: 1_000,
  unanswered: 4,
  answers: 64,
  answersPerPath: 16,
  bodyBytes: 64 * KB,
  bodyMs: 10_000,
  lingerMs: 2_000,
  stillMs: 60_000,
  paths: {},
};

/** For `http.createServer`: a sender that is slow with its headers holds a socket, not the server. */
export const SERVER_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * KB,
} as const;
