import type { BudgetLimits } from "../http/budget.js";

/** The limits of one inbox, in bytes and milliseconds. */
export interface InboxLimits extends BudgetLimits {
  /** GitHub never delivers more than 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
  readonly bodyBytes: number;
  /** From the headers to the last byte. GitHub gives up after 10 s. */
  readonly bodyMs: number;
  /** From the last byte to the commit; after that the answer is 503. */
  readonly commitMs: number;
  /** How long a refused sender may take to read its answer before the connection is closed. */
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
