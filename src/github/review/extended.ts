import { z } from "zod";
import type { RepositoryRef } from "../../domain.js";
import { GoneError } from "../../errors.js";
import type { GitHubClient } from "../client.js";

const PLACE = /^(?:(?<owner>[\w.-]+)\/)?(?<name>[\w.-]+)(?::(?<path>.+))?$/;

/**
 * The text of a file that settings extend, named as Probot's config names it: `repository`, `owner/repository` or
 * `repository:path`. Undefined: it is not there, or may not be read.
 */
export async function readExtended(
  client: GitHubClient,
  from: RepositoryRef,
  named: string,
  path: string,
): Promise<string | undefined> {
  const place = PLACE.exec(named)?.groups;
  const name = place?.["name"];
  if (name === undefined) return undefined;
  try {
    const { data } = await client.rest("GET /repos/{owner}/{repo}/contents/{path}", {
      owner: place?.["owner"] ?? from.owner,
      repo: name,
      path: place?.["path"] ?? path,
      headers: { accept: "application/vnd.github.raw+json" },
    });
    return z.string().parse(data);
  } catch (error) {
    if (error instanceof GoneError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
