import { z } from "zod";
import type { RepositoryRef } from "../../domain.js";
import type { GitHubClient } from "../client.js";
import type { GraphqlDocument } from "../graphql.js";
import { RATE_LIMIT } from "../queries/fragments.js";

/** A file to read on both sides; null: it is not there on that side. */
export interface TextRequest {
  readonly path: string;
  readonly head: string | null;
  readonly base: string | null;
}

export interface Side {
  readonly size: number;
  readonly binary: boolean;
  /** Null: binary, or larger than is read. */
  readonly text: string | null;
}

export interface Texts {
  readonly head: Side | null;
  readonly base: Side | null;
  /** Who wrote the file's last commits at the base, by login. */
  readonly writers: ReadonlyMap<string, number>;
}

/** Files of one call: GitHub cuts a call off after 10 s. */
const FILES_A_CALL = 50;
/** Files whose history is asked for, the first ones. */
const HISTORIES = 20;
/** Characters; the parsers take no more. */
const LONGEST_TEXT = 1_000_000;

const Blob = z
  .object({
    oid: z.string().optional(),
    byteSize: z.number().int().optional(),
    isBinary: z.boolean().nullish(),
    isTruncated: z.boolean().optional(),
    text: z.string().nullish(),
  })
  .nullable();
const History = z.object({
  nodes: z.array(z.object({ author: z.object({ user: z.object({ login: z.string() }).nullable() }).nullable() })),
});
const Answer = z.object({ repository: z.record(z.string(), z.unknown()).nullable() });

/** By path: what the files hold at the head and at the base of the change, a call for each fifty files. */
export async function readTexts(
  client: GitHubClient,
  repository: RepositoryRef,
  { head, base }: { readonly head: string; readonly base: string },
  requests: readonly TextRequest[],
): Promise<ReadonlyMap<string, Texts>> {
  const texts = new Map<string, Texts>();
  for (let start = 0; start < requests.length; start += FILES_A_CALL) {
    const some = requests.slice(start, start + FILES_A_CALL);
    const histories = start === 0 ? some.slice(0, HISTORIES) : [];
    const { document, variables } = documentFor(some, histories, { head, base });
    const { owner, name } = repository;
    const { data } = await client.query(document, { owner, name, ...variables }, Answer);
    for (const [index, { path }] of some.entries()) {
      const answer = data.repository ?? {};
      texts.set(path, {
        head: await sideOf(client, repository, answer[`h${index}`]),
        base: await sideOf(client, repository, answer[`b${index}`]),
        writers: writersOf(answer["commits"], index),
      });
    }
  }
  return texts;
}

const BLOB = "{ ... on Blob { oid byteSize isBinary isTruncated text } }";

function documentFor(
  files: readonly TextRequest[],
  histories: readonly TextRequest[],
  { head, base }: { readonly head: string; readonly base: string },
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
  const past = histories.flatMap((file, index) => {
    if (file.base === null) return [];
    variables.set(`p${index}`, file.base);
    return [`p${index}: history(first: 10, path: $p${index}) { nodes { author { user { login } } } }`];
  });
  if (past.length > 0) {
    variables.set("commit", base);
    fields.push(`commits: object(expression: $commit) { ... on Commit { ${past.join(" ")} } }`);
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
  // A submodule is no blob: it has none of the fields.
  if (!blob || blob.byteSize === undefined) return null;
  const { byteSize: size, isTruncated: cut, isBinary, oid } = blob;
  if (isBinary === true || size > LONGEST_TEXT) return { size, binary: isBinary === true, text: null };
  if (cut !== true || oid === undefined) return { size, binary: false, text: blob.text ?? null };
  return { size, binary: false, text: await rawBlob(client, repository, oid) };
}

/** GraphQL cuts long texts off; the blob itself is whole. */
async function rawBlob(client: GitHubClient, { owner, name }: RepositoryRef, sha: string): Promise<string | null> {
  const headers = { accept: "application/vnd.github.raw+json" };
  const parameters = { owner, repo: name, file_sha: sha, headers };
  const { data } = await client.rest("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", parameters);
  return typeof data === "string" ? data : null;
}

function writersOf(commits: unknown, index: number): ReadonlyMap<string, number> {
  const histories = z.record(z.string(), z.unknown()).safeParse(commits).data ?? {};
  const nodes = History.safeParse(histories[`p${index}`]).data?.nodes ?? [];
  const writers = new Map<string, number>();
  for (const { author } of nodes) {
    const login = author?.user?.login;
    if (login !== undefined) writers.set(login, (writers.get(login) ?? 0) + 1);
  }
  return writers;
}
