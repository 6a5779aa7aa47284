/** What one request may see: the rows of these installations and repositories, and of no others. */
export interface Scope {
  /** Also the rows that belong to no installation. */
  readonly operator: boolean;
  readonly installations: readonly {
    readonly id: bigint;
    /** An admin also sees what belongs to the installation and to no repository. */
    readonly role: "admin" | "member";
    readonly repositories: "all" | ReadonlySet<bigint>;
  }[];
}
