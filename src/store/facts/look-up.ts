/**
 * The stored row of each row before it in a FROM clause, or nulls, found through the index on the condition's columns. A
 * plain join would say the same; but a prepared statement keeps the plan that it got while the table was empty, and that
 * plan reads the whole table, for every page of a first sync, until the next ANALYZE. OFFSET 0 keeps it a look-up.
 */
export function lookUp(table: string, alias: string, condition: string): string {
  return `LEFT JOIN LATERAL (SELECT * FROM ${table} found WHERE ${condition} OFFSET 0) ${alias} ON true`;
}
