import { html, raw } from "hono/html";
import type { Account } from "../organisation/account.js";
import type { Comment, Issue, PullRequest, Review, ReviewComment } from "../organisation/conversation.js";
import { contentAt } from "../organisation/git.js";
import { fullName, type CheckRun, type Repository } from "../organisation/repository.js";
import { NOT_FOUND, type Answer } from "../server/answer.js";
import { numberParam, param, type Call } from "../server/call.js";
import type { Route } from "../server/route.js";
import { markdown } from "./markdown.js";
import { STYLE } from "./style.js";

// Small pages of what GitHub's site shows: every link of the app leads somewhere. Anybody may read them: the site is simulated.

type Html = ReturnType<typeof html>;

function page(title: string, where: Html | string, body: Html): Answer {
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <header>Simulated GitHub · <b>${where}</b></header>
        <main>${body}</main>
      </body>
    </html>`;
  return { status: 200, raw: text instanceof Promise ? "" : text.toString(), type: "text/html; charset=utf-8" };
}

function named(call: Call): Repository | undefined {
  return call.simulation.organisation.byName.get(`${param(call, "owner")}/${param(call, "repo")}`.toLowerCase());
}

function by(author: Account): Html {
  return author.type === "Bot"
    ? html`<b>${author.login}</b> <span class="bot">bot</span>`
    : html`<b>${author.login}</b>`;
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

function said(author: Account, at: number, what: string, body: string): Html {
  return html`<div class="box">
    <div class="top">${by(author)} <span class="muted">${what} ${time(at)}</span></div>
    <div class="body">${markdown(body)}</div>
  </div>`;
}

function line(comment: ReviewComment, resolved: boolean): Html {
  const hunk = comment.diffHunk.split("\n").slice(-8);
  const shown = hunk.map(
    (text) =>
      html`<div
        class="${text.startsWith("+") ? "add" : text.startsWith("-") ? "del" : text.startsWith("@@") ? "at" : ""}"
      >
        <pre>${text}</pre>
      </div>`,
  );
  const body = html`<div class="diff">${shown}</div>
    <div class="body">${by(comment.author)}${markdown(comment.body)}</div>`;
  const place = html`${comment.path}:${comment.line}`;
  if (!resolved)
    return html`<div class="box">
      <div class="top"><code>${place}</code></div>
      ${body}
    </div>`;
  return html`<details class="box">
    <summary class="top"><code>${place}</code> <span class="muted">Resolved</span></summary>
    ${body}
  </details>`;
}

function review(given: Review, pull: PullRequest): Html {
  const threads = pull.threads.filter(({ comments: [first] }) => first?.review === given);
  const verb = {
    APPROVED: "approved",
    CHANGES_REQUESTED: "requested changes",
    COMMENTED: "reviewed",
    DISMISSED: "was dismissed",
  }[given.state];
  return html`<div class="box">
      <div class="top">
        ${by(given.author)}
        <span class="muted">${verb} at ${given.commitSha.slice(0, 7)}, ${time(given.submittedAt)}</span>
      </div>
      <div class="body">${markdown(given.body === "" ? "(no text)" : given.body)}</div>
    </div>
    ${threads.map(({ comments, resolved }) => comments.map((comment) => line(comment, resolved)))}`;
}

function check(run: CheckRun): Html {
  const good = run.conclusion === "success" || run.conclusion === "neutral" || run.conclusion === "skipped";
  const mark =
    run.status === "completed"
      ? good
        ? html`<span class="good">✓</span>`
        : html`<span class="bad">✗</span>`
      : html`<span class="muted">●</span>`;
  const notes = run.annotations.map(
    (note) => html`<li><code>${note.path}:${note.start_line}</code> ${note.title ?? ""}: ${note.message}</li>`,
  );
  return html`<div class="check">
    ${mark} <b>${run.name}</b> <span class="muted">${run.title ?? run.status}</span>
    ${run.detailsUrl === null ? "" : html` · <a href="${run.detailsUrl}">Details</a>`}
    <details>
      <summary class="muted">Summary</summary>
      ${markdown(run.summary ?? "")}${
        notes.length === 0
          ? ""
          : html`<ul>
              ${notes}
            </ul>`
      }
    </details>
  </div>`;
}

function top(of: Issue | PullRequest, state: string): Html {
  return html`<h1>${of.title} <span class="muted">#${of.number}</span></h1>
    <p>
      <span class="pill ${state}">${state}</span> ${by(of.author)}
      ${of.labels.map(({ name }) => html` <span class="label">${name}</span>`)}
    </p>
    ${said(of.author, of.createdAt, "wrote", of.body ?? "No description.")}`;
}

function conversation(comments: readonly Comment[]): readonly { readonly at: number; readonly shown: Html }[] {
  return comments.map((comment) => ({
    at: comment.createdAt,
    shown: said(comment.author, comment.createdAt, "commented", comment.body),
  }));
}

function showPull(call: Call): Answer {
  const repository = named(call);
  const pull = repository?.pulls.get(numberParam(call, "number"));
  if (!repository || !pull) return NOT_FOUND;
  const state = pull.mergedAt === null ? pull.state : "merged";
  const entries = [
    ...conversation(pull.comments),
    ...pull.reviews.map((given) => ({ at: given.submittedAt, shown: review(given, pull) })),
  ].sort((a, b) => a.at - b.at);
  const checks = repository.checkRuns.get(pull.headSha) ?? [];
  const asked = [...pull.requestedReviewers.map(({ login }) => login), ...pull.requestedTeams.map(({ slug }) => slug)];
  const body = html`${top(pull, state)} ${entries.map(({ shown }) => shown)}
    <div class="box">
      <div class="top">
        <b>Checks</b> <span class="muted">of ${pull.headSha.slice(0, 7)} · ${pull.headRef} into ${pull.baseRef}</span>
      </div>
      ${checks.length === 0 ? html`<div class="check muted">No checks yet.</div>` : checks.map(check)}
    </div>
    <p class="muted">${asked.length === 0 ? "" : `Review requested from ${asked.join(", ")}.`}</p>`;
  return page(`${pull.title} · #${pull.number}`, `${fullName(repository)} · pull request ${pull.number}`, body);
}

function showIssue(call: Call): Answer {
  const repository = named(call);
  const issue = repository?.issues.get(numberParam(call, "number"));
  if (!repository || !issue) return NOT_FOUND;
  const body = html`${top(issue, issue.state)}${conversation(issue.comments).map(({ shown }) => shown)}`;
  return page(`${issue.title} · #${issue.number}`, `${fullName(repository)} · issue ${issue.number}`, body);
}

function showFile(call: Call): Answer {
  const repository = named(call);
  if (!repository) return NOT_FOUND;
  const given = param(call, "sha");
  const sha = given === "HEAD" ? (repository.branches.get(repository.defaultBranch) ?? "") : given;
  const content = contentAt(repository, sha, param(call, "path"));
  if (content === null) return NOT_FOUND;
  const lines = content.split("\n").map(
    (text, index) =>
      html`<div id="L${index + 1}">
        <pre><span class="muted">${String(index + 1).padStart(4)}</span>  ${text}</pre>
      </div>`,
  );
  return page(
    param(call, "path"),
    `${fullName(repository)} · ${param(call, "path")} at ${sha.slice(0, 7)}`,
    html`<div class="box diff">${lines}</div>`,
  );
}

function showCheck(call: Call): Answer {
  const repository = named(call);
  const run = [...(repository?.checkRuns.values() ?? [])].flat().find(({ id }) => id === numberParam(call, "id"));
  if (!repository || !run) return NOT_FOUND;
  return page(
    run.name,
    `${fullName(repository)} · check of ${run.headSha.slice(0, 7)}`,
    html`<div class="box">${check(run)}</div>`,
  );
}

const free = { method: "GET", audience: "anyone", free: true } as const;

/** The site. Last in the router: what the API answers goes first. */
export const siteRoutes: readonly Route[] = [
  { ...free, pattern: "/:owner/:repo/pull/:number", handle: showPull },
  { ...free, pattern: "/:owner/:repo/issues/:number", handle: showIssue },
  { ...free, pattern: "/:owner/:repo/blob/:sha/*path", handle: showFile },
  { ...free, pattern: "/:owner/:repo/runs/:id", handle: showCheck },
];
