/** The limits of the HTTP server for all paths, in milliseconds and bytes. */
export interface ServerLimits {
  /** Concurrent connections. Another one closes the connection that has been idle, or sending its body, for longest. */
  readonly connections: number;
  /**
   * Unanswered or unread requests of one connection. One more closes it: GitHub, browsers and proxies wait for each
   * answer.
   */
  readonly unanswered: number;
  /** Concurrent answers, without the free paths and the inbox. */
  readonly answers: number;
  /** Of those, on one path. */
  readonly answersPerPath: number;
  /** The size of a request's body, except in the inbox. */
  readonly bodyBytes: number;
  /** From the headers to the last byte of a body. */
  readonly bodyMs: number;
  /** How long a refused sender may take to read its answer before the connection is closed. */
  readonly lingerMs: number;
  /** An inactive connection is closed after this time. Streams send a comment more often. */
  readonly stillMs: number;
  /** For single paths: another limit of concurrent answers (event streams stay open), or of their bodies. */
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

/** For `http.createServer`: limits how long a sender may take for its headers. */
export const SERVER_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * KB,
} as const;
