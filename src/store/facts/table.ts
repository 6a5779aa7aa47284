/** The SQL type that a column's value is read as. */
export type ColumnType = "bigint" | "int" | "text" | "text[]" | "boolean" | "timestamptz" | "jsonb";

export interface Columns {
  readonly [name: string]: ColumnType;
}

/** Columns that GitHub versions together. Two contents of one version are told apart by the hash. */
export interface VersionGroup {
  /** The column that orders contents; null in a fact that says nothing about the group. */
  readonly version: string;
  readonly hash: string;
  /** Part of the hash. */
  readonly compared: Columns;
  /** Written with the group, and not part of the hash: GitHub changes them without a new version. */
  readonly uncompared: Columns;
}

/** A mirrored table whose rows have GitHub's `id` and a version. The engine of this folder needs no more than this. */
export interface TableSpec {
  readonly entity: string;
  readonly table: string;
  /** Whether rows carry `installation_id`. */
  readonly tenant: boolean;
  /** The first group is the row itself: its winner also replaces the child sets. */
  readonly groups: readonly [VersionGroup, ...VersionGroup[]];
  /** Columns that only grow, whatever the version. */
  readonly greatest: Columns;
  /**
   * `final`: GitHub never uses the id again. `until-newer`: a strictly newer fact brings the row back. `until-later`: one
   * from after the deletion does; it was hidden from us.
   */
  readonly deletion: "final" | "until-newer" | "until-later";
  readonly sets: readonly SetSpec[];
}

/** A set of rows that belongs to a parent and is replaced as a whole. */
export interface SetSpec {
  /** The property of the fact's `sets`; null there: the fact does not know the set, and the stored one stays. */
  readonly property: string;
  readonly table: string;
  /** The column that holds the parent's id. */
  readonly parent: string;
  /** Columns with the same value for every row of this parent's table. */
  readonly fixed: { readonly [column: string]: string };
  /** With the parent they identify a row. */
  readonly key: Columns;
  /** Hashed with the parent, so that a renamed label is a new content. */
  readonly compared: Columns;
  readonly uncompared: Columns;
}

/**
 * A guard of the upsert. Removing one is for the test that proves that the property test sees each of them, and for
 * nothing else.
 */
export type Guard = "version" | "tombstone" | "child-sets" | "ties";
