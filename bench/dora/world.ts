import { createHash } from "node:crypto";
import { CommitBody, commitFact } from "../../src/facts/commit.js";
import {
  DeploymentBody,
  deploymentFacts,
  DeploymentStatusBody,
  deploymentStatusFacts,
} from "../../src/facts/deployment.js";
import type { Fact } from "../../src/facts/fact.js";
import { IssueBody, issueFacts } from "../../src/facts/issue.js";
import { PullRequestBody, pullRequestFacts } from "../../src/facts/pull-request.js";
import { deploymentStatus } from "../../src/handlers/deployment-status.js";
import { deployment } from "../../src/handlers/deployment.js";
import type { Handler } from "../../src/handlers/handler.js";
import { issues } from "../../src/handlers/issues.js";
import { pullRequest } from "../../src/handlers/pull-request.js";
import { push } from "../../src/handlers/push.js";

/** Monday, 5 January 2026. Histories count hours from here. */
export const START = Date.UTC(2026, 0, 5);
export const HOUR = 3_600_000;
const iso = (hours: number): string => new Date(START + Math.round(hours * 3600) * 1000).toISOString();

/** The SHA of the commit that a history calls by a short name. */
export const shaOf = (name: string): string => createHash("sha1").update(name).digest("hex");

interface CommitOptions {
  /** When it was written, where that is earlier than when it was committed. */
  readonly by?: number;
  readonly message?: string;
  readonly files?: readonly string[];
}

interface MadeCommit extends CommitOptions {
  readonly name: string;
  readonly parents: readonly string[];
  readonly at: number;
}

export interface PullOptions {
  readonly head: string;
  /** The commit that its merge made. */
  readonly merge: string;
  readonly at: number;
  readonly commits?: number;
  readonly ref?: string;
  readonly labels?: readonly string[];
  readonly title?: string;
  readonly body?: string;
}

export interface DeployOptions {
  readonly ref?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly run?: number;
  /** Its statuses; left out: a success at once. */
  readonly statuses?: readonly (readonly [string, number])[];
}

/** A delivery that was signed and sent: an event of ours and its payload. */
export interface Sent {
  readonly handler: Handler;
  readonly payload: object;
}

/** What happens in one repository, in words of hours; and what GitHub says of it, by deliveries and when it is read. */
export class World {
  readonly deliveries: Sent[] = [];
  readonly #commits = new Map<string, MadeCommit>();
  readonly #pulls = new Map<number, { readonly body: object; readonly key: number }>();
  readonly #deployments = new Map<number, object>();
  readonly #statuses: { readonly deployment: number; readonly body: object }[] = [];
  readonly #issues = new Map<number, object>();
  readonly #unread = new Set<string>();
  #statusId: number;

  constructor(readonly repository: number) {
    this.#statusId = repository * 1_000_000;
  }

  /** A commit on its parents, the first one on none: `c("b", "a", 2)`. */
  c(name: string, parents: string, at: number, options: CommitOptions = {}): void {
    this.#commits.set(name, { name, parents: parents.split(" ").filter((each) => each !== ""), at, ...options });
  }

  /** A push of commits to a branch, its head last. */
  push(before: string, names: string, at: number, ref = "main"): void {
    const commits = names.split(" ");
    const shown = commits.map((name) => this.#pushed(name));
    this.#send(push, {
      ref: `refs/heads/${ref}`,
      before: before === "" ? "0".repeat(40) : shaOf(before),
      after: shaOf(commits.at(-1) ?? ""),
      created: before === "",
      deleted: false,
      forced: false,
      commits: shown,
      head_commit: shown.at(-1),
      repository: { ...this.#repository(), pushed_at: Math.round((START + at * HOUR) / 1000) },
      sender: USER,
    });
  }

  /** A merged pull request. */
  pr(number: number, options: PullOptions): void {
    const {
      head,
      merge,
      at,
      commits = 1,
      ref = `topic-${number}`,
      labels = [],
      title = "A change",
      body = "",
    } = options;
    const pull = {
      id: this.repository * 1_000 + number,
      number,
      state: "closed",
      title,
      body,
      user: USER,
      created_at: iso(at - 1),
      updated_at: iso(at),
      closed_at: iso(at),
      merged_at: iso(at),
      merge_commit_sha: shaOf(merge),
      assignees: [],
      requested_reviewers: [],
      requested_teams: [],
      labels: labels.map((name) => this.#label(name)),
      head: { ref, sha: shaOf(head), repo: { id: this.repository } },
      base: { ref: "main", sha: shaOf(head) },
      merged_by: USER,
      additions: 1,
      deletions: 0,
      changed_files: 1,
      commits,
    };
    this.#pulls.set(number, { body: pull, key: number });
    this.#send(pullRequest, {
      action: "closed",
      number,
      pull_request: pull,
      repository: this.#repository(),
      sender: USER,
    });
  }

  /** A deployment, and its statuses. */
  d(id: number, environment: string, name: string, at: number, options: DeployOptions = {}): void {
    const { ref = "main", payload = {}, run, statuses = [["success", at]] } = options;
    const key = this.repository * 10_000 + id;
    const body = {
      id: key,
      sha: shaOf(name),
      ref,
      task: "deploy",
      environment,
      payload,
      creator: USER,
      created_at: iso(at),
      updated_at: iso(statuses.reduce((latest, [, when]) => Math.max(latest, when), at)),
    };
    this.#deployments.set(key, body);
    const by = {
      workflow: run === undefined ? null : { path: "deploy.yml" },
      workflow_run: run === undefined ? null : { id: run },
    };
    const around = { repository: this.#repository(), sender: USER };
    this.#send(deployment, { action: "created", deployment: { ...body, updated_at: iso(at) }, ...by, ...around });
    for (const [state, when] of statuses) {
      const log = run === undefined ? "" : `https://github.com/acme/r/actions/runs/${run}/job/1`;
      const status = {
        id: (this.#statusId += 1),
        state,
        environment,
        log_url: log,
        target_url: log,
        creator: USER,
        created_at: iso(when),
        updated_at: iso(when),
      };
      this.#statuses.push({ deployment: key, body: status });
      this.#send(deploymentStatus, {
        action: "created",
        deployment_status: status,
        deployment: body,
        ...by,
        ...around,
      });
    }
  }

  /** An issue that reports an incident. `closed` null: it is open. */
  incident(number: number, opened: number, closed: number | null, body: string): void {
    const issue = {
      id: this.repository * 1_000 + 500 + number,
      number,
      title: "Incident",
      body,
      state: closed === null ? "open" : "closed",
      user: USER,
      labels: [this.#label("incident")],
      assignees: [],
      created_at: iso(opened),
      updated_at: iso(closed ?? opened),
      closed_at: closed === null ? null : iso(closed),
    };
    this.#issues.set(number, issue);
    const action = closed === null ? "opened" : "closed";
    this.#send(issues, { action, issue, repository: this.#repository(), sender: USER });
  }

  /** A commit that no read shows: its history is not stored. */
  unread(name: string): void {
    this.#unread.add(name);
  }

  /** What reads of GitHub give: every row as it is now, with what only reads tell. */
  reads(): readonly Fact[] {
    const scope = { repositoryId: this.repository, repository: "acme/r", observedAt: iso(24 * 365) };
    const commits = [...this.#commits.values()].filter(({ name }) => !this.#unread.has(name));
    return [
      ...commits.map((commit) => commitFact(CommitBody.parse(this.#listed(commit)), scope)),
      ...commits.filter(({ files }) => files !== undefined).map((commit) => this.#withFiles(commit)),
      ...[...this.#pulls.values()].flatMap(({ body }) => pullRequestFacts(PullRequestBody.parse(body), scope)),
      ...[...this.#deployments.values()].flatMap((body) => deploymentFacts(DeploymentBody.parse(body), scope)),
      ...this.#statuses.flatMap((each) =>
        deploymentStatusFacts(DeploymentStatusBody.parse(each.body), each.deployment, scope),
      ),
      ...[...this.#issues.values()].flatMap((body) => issueFacts(IssueBody.parse(body), scope)),
    ];
  }

  #send(handler: Handler, payload: object): void {
    this.deliveries.push({ handler, payload });
  }

  #commit(name: string): MadeCommit {
    const commit = this.#commits.get(name);
    if (!commit) throw new Error(`the history has no commit ${name}`);
    return commit;
  }

  #pushed(name: string): object {
    const { message = name, at, files = [] } = this.#commit(name);
    return {
      id: shaOf(name),
      message,
      timestamp: iso(at),
      author: { name: "ada" },
      added: [],
      modified: files,
      removed: [],
    };
  }

  #listed({ name, parents, at, by, message = name }: MadeCommit): object {
    return {
      sha: shaOf(name),
      commit: { message, author: { name: "ada", date: iso(by ?? at) }, committer: { name: "ada", date: iso(at) } },
      parents: parents.map((parent) => ({ sha: shaOf(parent) })),
    };
  }

  /** As the job reads the commits of a repository whose services have paths. */
  #withFiles(commit: MadeCommit): Fact {
    const scope = { repositoryId: this.repository, repository: "acme/r", observedAt: null };
    const fact = commitFact(CommitBody.parse(this.#listed(commit)), scope);
    return { ...fact, row: { ...fact.row, modified: commit.files ?? [] } };
  }

  #label(name: string): object {
    return { id: this.repository * 1_000 + 900 + name.length, name, color: "ff0000", description: null };
  }

  #repository(): object {
    return {
      id: this.repository,
      name: "r",
      full_name: "acme/r",
      owner: USER,
      private: true,
      default_branch: "main",
      updated_at: iso(0),
    };
  }
}

const USER = { id: 1, login: "ada", type: "User" };
