/** What a mapping must know besides the body: whose repository it is, and whether it was read or delivered. */
export interface Scope {
  readonly repositoryId: number;
  /** `owner/name`, for people. */
  readonly repository: string;
  /** When the read began that gave the body; null for a webhook's. */
  readonly observedAt: string | null;
}
