import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier } from "pg";

/** A database name that no other run has. */
export function scratchName(what: string): string {
  return `companyos_${what}_${randomBytes(6).toString("hex")}`;
}

/** Makes a database on the server of `url`; with a template, a copy of it. */
export async function makeDatabase(url: string, name: string, template: string): Promise<void> {
  await onServer(url, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`);
}

/** Drops it with whoever is still connected. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await onServer(url, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
