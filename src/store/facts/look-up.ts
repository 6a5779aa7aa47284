/**
 * Looks up the stored row for each preceding row of a FROM clause, or nulls, by the index on the condition's columns. A
 * plain join would mean the same. But a prepared statement keeps the plan made while the table was empty, and that plan
 * reads the whole table for every page of a first sync until the next ANALYZE. OFFSET 0 forces the lookup.
 */
export function lookUp(table: string, alias: string, condition: string): string {
  return `LEFT JOIN LATERAL (SELECT * FROM ${table} found WHERE ${condition} OFFSET 0) ${alias} ON true`;
}
