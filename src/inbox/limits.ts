/** What one inbox takes at most. Bytes and milliseconds. */
export interface InboxLimits {
  /** GitHub never delivers more than 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
  readonly bodyBytes: number;
  /** Bytes of all bodies that have been read and are not committed yet. */
  readonly heldBytes: number;
  /** Of those, what bodies over `largeBody` may hold together, so that they never starve the ordinary ones. */
  readonly heldLargeBytes: number;
  readonly largeBody: number;
  /** From the headers to the last byte. GitHub itself gives up after 10 s. */
  readonly bodyMs: number;
  /** From the last byte to the commit; past it the answer is 503. */
  readonly commitMs: number;
  /** How long a refused sender may take to read its answer before the connection is cut. */
  readonly lingerMs: number;
}

const MB = 1024 * 1024;

export const INBOX_LIMITS: InboxLimits = {
  bodyBytes: 25 * MB,
  heldBytes: 32 * MB,
  heldLargeBytes: 26 * MB,
  largeBody: MB / 4,
  bodyMs: 10_000,
  commitMs: 8_000,
  lingerMs: 2_000,
};

/** For the `http.Server` that carries the inbox: a sender that is slow with its headers holds a socket, not the server. */
export const INBOX_SERVER_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
} as const;
