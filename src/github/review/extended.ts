import { z } from "zod";
import { ForbiddenError, GoneError } from "../../errors.js";
import type { GitHubClient } from "../client.js";

/** A settings file at GitHub. */
export interface Place {
  readonly owner: string;
  readonly name: string;
  readonly path: string;
}

const NAMED = /^(?:(?<owner>[\w.-]+)\/)?(?<name>[\w.-]+)(?::(?<path>.+\.ya?ml))?$/;

/**
 * A file in the notation of Probot's config: `repository`, `owner/repository` or `repository:path`. Null: another
 * notation, or not a YAML file. Other files of a private repository must not be read as settings.
 */
export function placeOf(owner: string, named: string, path: string): Place | null {
  const groups = NAMED.exec(named)?.groups;
  const name = groups?.["name"];
  return name === undefined ? null : { owner: groups?.["owner"] ?? owner, name, path: groups?.["path"] ?? path };
}

/** Its text, on the default branch or at a commit. Undefined: missing, or not readable. */
export async function readPlace(
  client: GitHubClient,
  { owner, name, path }: Place,
  commit?: string,
): Promise<string | undefined> {
  try {
    const { data } = await client.rest("GET /repos/{owner}/{repo}/contents/{path}", {
      owner,
      repo: name,
      path,
      ...(commit !== undefined && { ref: commit }),
      headers: { accept: "application/vnd.github.raw+json" },
    });
    return z.string().parse(data);
  } catch (error) {
    if (error instanceof GoneError || error instanceof ForbiddenError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
