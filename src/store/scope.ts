/** The visibility of one request: only the rows of these installations and repositories. */
export interface Scope {
  /** Also the rows that belong to no installation. */
  readonly operator: boolean;
  readonly installations: readonly {
    readonly id: bigint;
    /** An admin also sees the rows that belong to the installation but to no repository. */
    readonly role: "admin" | "member";
    readonly repositories: "all" | ReadonlySet<bigint>;
  }[];
}
