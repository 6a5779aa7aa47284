import { z } from "zod";
import { type Area, areasOf, pathsIn } from "../../agents/triage/areas.js";
import { type IssueForm, readForm } from "../../agents/triage/form.js";
import { parseCodeowners } from "../../agents/code-review/codeowners/parse.js";
import type { IssueText } from "../../agents/triage/text.js";
import type { RepositoryRef } from "../../domain.js";
import { GoneError } from "../../errors.js";
import type { GitHubClient } from "../../github/client.js";
import { readPlace } from "../../github/review/extended.js";

const FORMS = ".github/ISSUE_TEMPLATE";
const POLICIES = ["SECURITY.md", ".github/SECURITY.md", "docs/SECURITY.md"] as const;
const MOST_FORMS = 20;
const MOST_LABELS = 2_000;

const Folder = z.array(z.object({ name: z.string(), path: z.string(), type: z.string() })).catch([]);
const Labels = z.array(z.object({ name: z.string() }));

/** The labels that exist now. Adding a renamed or deleted label would create it again. */
export async function existingLabels(client: GitHubClient, { owner, name }: RepositoryRef): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of client.pages("GET /repos/{owner}/{repo}/labels", { owner, repo: name })) {
    names.push(...Labels.parse(page).map((label) => label.name));
    if (names.length >= MOST_LABELS) break;
  }
  return names;
}

export interface Forms {
  readonly forms: readonly IssueForm[];
  readonly problems: readonly string[];
}

/** The issue forms of the default branch. */
export async function readForms(client: GitHubClient, repository: RepositoryRef): Promise<Forms> {
  const files = await listFolder(client, repository);
  const forms: IssueForm[] = [];
  const problems: string[] = [];
  for (const { path } of files.slice(0, MOST_FORMS)) {
    const text = await readPlace(client, { owner: repository.owner, name: repository.name, path });
    if (text === undefined) continue;
    const read = readForm(path, text);
    if ("form" in read) forms.push(read.form);
    else problems.push(read.problem);
  }
  return { forms, problems };
}

async function listFolder(client: GitHubClient, { owner, name }: RepositoryRef) {
  try {
    const { data } = await client.rest("GET /repos/{owner}/{repo}/contents/{path}", { owner, repo: name, path: FORMS });
    return Folder.parse(data).filter(
      (file) => file.type === "file" && /\.ya?ml$/.test(file.name) && !/^config\.ya?ml$/.test(file.name),
    );
  } catch (error) {
    if (error instanceof GoneError) return [];
    throw error;
  }
}

/** The address of the security policy, from the repository's own page; null: none. */
export async function securityPolicyOf(client: GitHubClient, { owner, name }: RepositoryRef): Promise<string | null> {
  for (const path of POLICIES)
    if ((await readPlace(client, { owner, name, path })) !== undefined) return "../security/policy";
  return null;
}

/** GitHub uses the first of these. */
const OWNERS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/** Who owns the files that an issue names. CODEOWNERS is read only when it names some. */
export async function readAreas(
  client: GitHubClient,
  { owner, name }: RepositoryRef,
  text: IssueText,
  author: string | null,
): Promise<readonly Area[]> {
  if (pathsIn(text).length === 0) return [];
  for (const path of OWNERS) {
    const codeowners = await readPlace(client, { owner, name, path });
    if (codeowners !== undefined) return areasOf(text, parseCodeowners(codeowners), author);
  }
  return [];
}
