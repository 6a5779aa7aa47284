import { z } from "zod";
import type { RepositoryRef } from "../../domain.js";
import { kindOf } from "../../errors.js";
import type { GitHubClient } from "../client.js";
import type { GraphqlDocument } from "../graphql.js";
import { RATE_LIMIT } from "../queries/fragments.js";
import { type BlameRequest, blamesOf, BLAMED, writersIn } from "./blame.js";

/** A file to read on both sides; null: it does not exist on that side. */
export interface TextRequest {
  readonly path: string;
  readonly head: string | null;
  readonly base: string | null;
}

export interface Side {
  readonly size: number;
  readonly binary: boolean;
  /** Null: binary, or too large. */
  readonly text: string | null;
}

export interface Texts {
  readonly head: Side | null;
  readonly base: Side | null;
}

export interface ReadTexts {
  /** By path. Missing files were not read, because the budget was used up. */
  readonly texts: ReadonlyMap<string, Texts>;
  /** By path: how many of the touched lines each login wrote. */
  readonly writers: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The most files in one call: GitHub cuts a call off after 10 s. */
const FILES_A_CALL = 50;
/** In characters: the limit of the parsers. */
const LONGEST_TEXT = 1_000_000;
/** The most characters of a review's texts, which are all in memory at once. */
const MOST_TEXT = 20_000_000;

const Blob = z
  .object({
    oid: z.string().optional(),
    byteSize: z.number().int().optional(),
    isBinary: z.boolean().nullish(),
    isTruncated: z.boolean().optional(),
    text: z.string().nullish(),
  })
  .nullable();
const Answer = z.object({ repository: z.record(z.string(), z.unknown()).nullable() });

/**
 * The contents of the files at the head and at the base, in one call for each fifty files, until the limit is reached.
 * The first call also reads the authors of the touched lines.
 */
export async function readTexts(
  client: GitHubClient,
  repository: RepositoryRef,
  commits: Commits,
  requests: readonly TextRequest[],
  blamed: readonly BlameRequest[],
): Promise<ReadTexts> {
  const texts = new Map<string, Texts>();
  let writers: ReadTexts["writers"] = new Map();
  let left = MOST_TEXT;
  for (const [call, some] of callsFor(requests).entries()) {
    if (left <= 0) break;
    const asked = call === 0 ? blamed : [];
    if (some.length + asked.length === 0) continue;
    const answer = await ask(client, repository, commits, some, asked);
    if (call === 0) writers = writersIn(answer[BLAMED], asked);
    for (const [index, { path }] of some.entries()) {
      if (left <= 0) break;
      const head = await sideOf(client, repository, answer[`h${index}`]);
      const base = await sideOf(client, repository, answer[`b${index}`]);
      texts.set(path, { head, base });
      left -= (head?.text?.length ?? 0) + (base?.text?.length ?? 0);
    }
  }
  return { texts, writers };
}

/** At least one call, because only the authors may be needed. */
function callsFor(requests: readonly TextRequest[]): readonly (readonly TextRequest[])[] {
  const count = Math.max(1, Math.ceil(requests.length / FILES_A_CALL));
  return Array.from({ length: count }, (_, call) => requests.slice(call * FILES_A_CALL, (call + 1) * FILES_A_CALL));
}

interface Commits {
  readonly head: string;
  readonly base: string;
}

/** Blame is the slow part: if the call fails with it, it is repeated without it. */
async function ask(
  client: GitHubClient,
  repository: RepositoryRef,
  commits: Commits,
  files: readonly TextRequest[],
  blamed: readonly BlameRequest[],
): Promise<Readonly<Record<string, unknown>>> {
  const { document, variables } = documentFor(files, blamed, commits);
  const { owner, name } = repository;
  try {
    const { data } = await client.query(document, { owner, name, ...variables }, Answer);
    return data.repository ?? {};
  } catch (error) {
    if (blamed.length === 0 || kindOf(error) !== "network") throw error;
    return files.length === 0 ? {} : ask(client, repository, commits, files, []);
  }
}

const BLOB = "{ ... on Blob { oid byteSize isBinary isTruncated text } }";

function documentFor(
  files: readonly TextRequest[],
  blamed: readonly BlameRequest[],
  { head, base }: Commits,
): { readonly document: GraphqlDocument; readonly variables: Readonly<Record<string, string>> } {
  const variables = new Map<string, string>();
  const fields: string[] = [];
  for (const [index, file] of files.entries()) {
    if (file.head !== null) {
      variables.set(`h${index}`, `${head}:${file.head}`);
      fields.push(`h${index}: object(expression: $h${index}) ${BLOB}`);
    }
    if (file.base !== null) {
      variables.set(`b${index}`, `${base}:${file.base}`);
      fields.push(`b${index}: object(expression: $b${index}) ${BLOB}`);
    }
  }
  if (blamed.length > 0) {
    const blames = blamesOf(blamed);
    for (const [name, path] of blames.variables) variables.set(name, path);
    variables.set("commit", base);
    fields.push(`${BLAMED}: object(expression: $commit) { ... on Commit { ${blames.fields} } }`);
  }
  const declared = [...variables.keys()].map((name) => `$${name}: String!`).join(", ");
  const text = `query REVIEW_TEXTS($owner: String!, $name: String!, ${declared}) {
  ${RATE_LIMIT}
  repository(owner: $owner, name: $name) { ${fields.join("\n")} }
}`;
  return { document: { name: "REVIEW_TEXTS", text }, variables: Object.fromEntries(variables) };
}

async function sideOf(client: GitHubClient, repository: RepositoryRef, answer: unknown): Promise<Side | null> {
  const blob = Blob.safeParse(answer ?? null).data;
  // A submodule is not a blob and has none of the fields.
  if (!blob || blob.byteSize === undefined) return null;
  const { byteSize: size, isTruncated: cut, isBinary, oid } = blob;
  if (isBinary === true || size > LONGEST_TEXT) return { size, binary: isBinary === true, text: null };
  if (cut !== true || oid === undefined) return { size, binary: false, text: blob.text ?? null };
  return { size, binary: false, text: await rawBlob(client, repository, oid) };
}

/** GraphQL cuts long texts off; the blob itself is complete. */
async function rawBlob(client: GitHubClient, { owner, name }: RepositoryRef, sha: string): Promise<string | null> {
  const headers = { accept: "application/vnd.github.raw+json" };
  const parameters = { owner, repo: name, file_sha: sha, headers };
  const { data } = await client.rest("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", parameters);
  return typeof data === "string" ? data : null;
}
