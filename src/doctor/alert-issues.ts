import { z } from "zod";
import { kindOf, messageOf } from "../errors.js";
import type { GitHubClient } from "../github/client.js";
import { missingPermissions } from "../health/permissions.js";
import { redact } from "../log.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import type { RepositoryLists } from "../store/tenants/repository-lists.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "alert issues";
const WANTED = { issues: "write" } as const;

const Installed = z.object({
  id: z.int(),
  suspended_at: z.string().nullable(),
  permissions: z.record(z.string(), z.string()),
});
const Repository = z.object({ full_name: z.string(), archived: z.boolean(), has_issues: z.boolean() });

interface Sources {
  readonly app: Pick<GitHubClient, "rest">;
  client(installationId: bigint): Pick<GitHubClient, "rest">;
  /** The accounts' allow and deny lists; rejects when the database does not answer, which has a check of its own. */
  lists(): Promise<readonly RepositoryLists[]>;
}

/** Whether the app can open issues in ALERT_ISSUE_REPOSITORY. */
export async function checkAlertIssues(sources: Sources, fullName: string | undefined): Promise<readonly Finding[]> {
  if (fullName === undefined) return [];
  try {
    return [await look(sources, fullName)];
  } catch (error) {
    return [unknown(CHECK, `cannot reach GitHub: ${redact(messageOf(error))}`)];
  }
}

async function look({ app, client, lists }: Sources, fullName: string): Promise<Finding> {
  const [owner, repo] = fullName.split("/");
  const where = { owner, repo };
  const data = await found(app.rest("GET /repos/{owner}/{repo}/installation", where));
  const unseen = problem(
    CHECK,
    `the App is not installed on ${fullName}, the repository in ALERT_ISSUE_REPOSITORY`,
    "Install the App there and select the repository, or set ALERT_ISSUE_REPOSITORY to another one.",
  );
  if (data === null) return unseen;
  const { id, suspended_at: suspended, permissions } = Installed.parse(data);
  if (suspended !== null)
    return problem(CHECK, `the App is suspended on ${owner}`, "An owner of that account must unsuspend it.");
  const missing = missingPermissions(permissions, WANTED);
  if (missing.length > 0)
    return problem(
      CHECK,
      `${owner} has not granted ${missing.join(", ")}: the app cannot open issues in ${fullName}`,
      "An owner of that account must accept the App's permissions.",
    );
  const read = await found(client(BigInt(id)).rest("GET /repos/{owner}/{repo}", where));
  if (read === null) return unseen;
  const known = await lists().catch(() => []);
  const denied = known.flatMap((each) => (each.id === BigInt(id) ? (deniedReason(fullName, each) ?? []) : []));
  return judge(Repository.parse(read), fullName, denied[0]);
}

function judge(repository: z.infer<typeof Repository>, fullName: string, denied: string | undefined): Finding {
  const { full_name: now, archived, has_issues: takesIssues } = repository;
  if (now.toLowerCase() !== fullName.toLowerCase())
    return problem(CHECK, `${fullName} was renamed to ${now}`, `Set ALERT_ISSUE_REPOSITORY=${now}.`);
  const other = "or set ALERT_ISSUE_REPOSITORY to another repository.";
  if (archived) return problem(CHECK, `${fullName} is archived and cannot be written to`, `Unarchive it, ${other}`);
  if (!takesIssues)
    return problem(CHECK, `issues are disabled in ${fullName}`, `Enable issues in its settings, ${other}`);
  if (denied !== undefined)
    return problem(
      CHECK,
      `the app writes nothing to ${fullName}: ${denied}`,
      `Allow it with 'companyos-github repositories' (allow, or deny --remove), ${other}`,
    );
  return ok(CHECK, `the app can open issues in ${fullName}`);
}

/** The answer's body; null when it does not exist or the App may not see it. */
async function found(asked: ReturnType<GitHubClient["rest"]>): Promise<unknown> {
  try {
    return (await asked).data;
  } catch (error) {
    if (kindOf(error) === "gone") return null;
    throw error;
  }
}
