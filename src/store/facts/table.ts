/** The SQL type of a column's parameter. */
export type ColumnType = "bigint" | "int" | "text" | "text[]" | "boolean" | "timestamptz" | "jsonb";

export interface Columns {
  readonly [name: string]: ColumnType;
}

/** Columns that GitHub versions together. The hash distinguishes two contents of one version. */
export interface VersionGroup {
  /** The column that orders contents; null in a fact that does not know the group. */
  readonly version: string;
  readonly hash: string;
  /** Part of the hash. */
  readonly compared: Columns;
  /** Written with the group, but not part of the hash: GitHub changes them without a new version. */
  readonly uncompared: Columns;
}

/**
 * A mirrored table whose rows have GitHub's `id` and a version. The code of this folder depends only on this
 * description.
 */
export interface TableSpec {
  readonly entity: string;
  readonly table: string;
  /** Whether rows carry `installation_id`. */
  readonly tenant: boolean;
  /** The first group is the row itself; when it wins, the child sets are replaced. */
  readonly groups: readonly [VersionGroup, ...VersionGroup[]];
  /** Columns that only grow, independent of the version. */
  readonly greatest: Columns;
  /**
   * `final`: GitHub never uses the id again. `until-newer`: a strictly newer fact restores the row. `until-later`: a
   * fact from after the deletion restores it; the App had lost access.
   */
  readonly deletion: "final" | "until-newer" | "until-later";
  readonly sets: readonly SetSpec[];
}

/** A set of rows that belongs to a parent and is replaced completely. */
export interface SetSpec {
  /**
   * The property of the fact's `sets`; null there means that the fact does not know the set, and the stored one stays.
   */
  readonly property: string;
  readonly table: string;
  /** The column with the parent's id. */
  readonly parent: string;
  /** Columns with the same value for every row of this parent's table. */
  readonly fixed: { readonly [column: string]: string };
  /** The columns that identify a row together with the parent. */
  readonly key: Columns;
  /** Hashed with the parent, so that a renamed label counts as a change. */
  readonly compared: Columns;
  readonly uncompared: Columns;
  /** SQL over a stored row `t`: true for those that a fact with `partial` sets cannot know. They stay. */
  readonly unseen?: string;
}

/** A guard of the upsert. Only tests remove one, to prove that the property test depends on it. */
export type Guard = "version" | "tombstone" | "child-sets" | "ties";
