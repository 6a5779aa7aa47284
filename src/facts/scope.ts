/** The context of a mapping: the repository of the body, and whether it was read or delivered. */
export interface Scope {
  readonly repositoryId: number;
  /** `owner/name`, for people. */
  readonly repository: string;
  /** When the read that returned the body began; null for a webhook. */
  readonly observedAt: string | null;
  /** GraphQL shows no bots among the assignees. */
  readonly partial?: boolean;
}
