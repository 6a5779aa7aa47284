import { z } from "zod";
import type { Decision } from "../../agents/agent.js";
import { commentTarget, decideTriage, type LabelVerdict, type TriageSubject } from "../../agents/triage/decide.js";
import { completenessOf } from "../../agents/triage/form.js";
import { judge, type LabelModel, LEAST_EXAMPLES } from "../../agents/triage/label-model.js";
import { TRIAGE, type TriageSettings } from "../../agents/triage/settings.js";
import { spamSignsOf } from "../../agents/triage/spam.js";
import { severityOf } from "../../agents/triage/severity.js";
import { type IssueText, textHash } from "../../agents/triage/text.js";
import { id } from "../../facts/scalars.js";
import { sectionOf } from "../../settings/section.js";
import { stands } from "../../store/effects/ledger.js";
import { findModel } from "../../store/triage/learning.js";
import { findIssue, similarIssues, type StoredIssue, wasJudged, writesSince } from "../../store/triage/subject.js";
import { mayRead } from "../permissions.js";
import { type Agent, defineAgent, ofRepository, type Run, trigger } from "../run.js";
import { existingLabels, readAreas, readForms, securityPolicyOf } from "./read-repository.js";
import { answerJob } from "./answer-job.js";
import { backlogJob } from "./backlog-job.js";
import { trainJob } from "./train-job.js";
import { triageCommand } from "./triage-command.js";

export const TRIAGE_JOB = "triage";

const payload = ofRepository.extend({ number: z.int().positive() });
type Payload = z.output<typeof payload>;

const Delivery = z.object({
  action: z.string(),
  repository: z.object({ id }),
  issue: z.object({ number: z.int(), pull_request: z.object({}).nullish() }),
});

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The first issue of a repository waits until its first model is trained. */
const FIRST_TRAINING_MS = 3_000;

const triage: Agent<Payload, TriageSubject, TriageSettings> = {
  name: "triage",
  section: TRIAGE,
  job: TRIAGE_JOB,
  payload,
  triggers: [
    trigger("issues", Delivery, ({ action, repository, issue }) =>
      action === "opened" && !issue.pull_request
        ? { repositoryId: repository.id, number: issue.number, asked: false }
        : null,
    ),
  ],
  commands: [triageCommand],
  reads: ["issues"],
  subject: ({ number }) => ({ name: `issue:${number}`, number }),
  async collect(run, { number }) {
    const { context, scope, asked } = run;
    const { sql } = context.store;
    const on = { installationId: scope.installationId, repositoryId: scope.repositoryId, number };
    const issue = await findIssue(sql, on);
    if (!issue)
      return { status: "skipped", reason: `the issue #${number} is not stored: it was deleted or transferred` };
    const settings = sectionOf((await run.settings()).settings, TRIAGE);
    if (settings.enabled && !asked.asked) {
      const at = new Date(issue.created_at.getTime() + settings.waitMinutes * MINUTE_MS);
      if (at > context.clock.now())
        return { status: "later", at, reason: "waiting, so that a person can answer first" };
    }
    const text = { title: issue.title, body: issue.body ?? "" };
    const hash = textHash(text);
    if (!asked.asked && (await wasJudged(sql, on, hash)))
      return { status: "skipped", reason: "this text was triaged before" };
    const stored = settings.enabled ? await findModel(sql, on) : null;
    if (settings.enabled && stored?.model.target !== settings.labels.precision) {
      await context.plan([
        { name: trainJob.name, payload: { repositoryId: Number(on.repositoryId), target: settings.labels.precision } },
      ]);
      const at = new Date(context.clock.now().getTime() + FIRST_TRAINING_MS);
      return { status: "later", at, reason: "the labels of this repository are being learned for this precision" };
    }
    return {
      subject: await subjectOf(run, { issue, text, hash, model: stored?.model ?? null, settings }),
      headSha: null,
    };
  },
  decide: (subject, settings): Promise<Decision> => Promise.resolve(decideTriage(subject, settings)),
  async stillHolds({ installationId, repositoryId, number }, { sql }) {
    if (number === null) return null;
    const issue = await findIssue(sql, { installationId, repositoryId, number });
    if (!issue) return "the issue was deleted or transferred";
    if (issue.state === "closed") return "the issue was closed";
    return issue.locked ? "the conversation was locked" : null;
  },
  jobs: [trainJob, answerJob, backlogJob],
};

/**
 * Triage of new issues: labels learned from the history, at most one question, hints for maintainers. It never closes
 * an issue.
 */
export const triageAgent = defineAgent(triage);

interface Judging {
  readonly issue: StoredIssue;
  readonly text: IssueText;
  readonly hash: string;
  /** Null: triage is switched off. */
  readonly model: LabelModel | null;
  readonly settings: TriageSettings;
}

async function subjectOf(run: Run, { issue, text, hash, model, settings }: Judging): Promise<TriageSubject> {
  const { context, scope, client, key, repository } = run;
  const number = key.number ?? 0;
  const { sql } = context.store;
  const on = { installationId: scope.installationId, repositoryId: scope.repositoryId, number };
  const severity = severityOf(text);
  const idle = model === null || issue.state === "closed" || issue.locked;
  const mayReadFiles = mayRead(run.permissions, "contents") && !idle;
  const forms = mayReadFiles ? await readForms(client, repository.ref) : { forms: [], problems: [] };
  const policy = mayReadFiles && severity.likelySecurityReport ? await securityPolicyOf(client, repository.ref) : null;
  const since = new Date(context.clock.now().getTime() - DAY_MS);
  return {
    repository: repository.ref,
    number,
    author: issue.author_login,
    state: issue.state,
    locked: issue.locked,
    textHash: hash,
    labels: issue.labels,
    people: {
      labelled: issue.labelled,
      assigned: issue.assigned,
      answered: issue.answered,
      removed: issue.removed,
    },
    existing: idle ? [] : await existingLabels(client, repository.ref),
    verdicts: model === null || idle ? [] : verdictsOf(model, text),
    untaught: model === null ? null : untaught(model),
    form: completenessOf(text.body, forms.forms),
    severity,
    areas: mayReadFiles ? await readAreas(client, repository.ref, text, issue.author_login) : [],
    spam: settings.spam.enabled ? spamSignsOf(text) : [],
    similar: settings.duplicates.enabled && !idle ? await similarIssues(sql, on, text, settings.duplicates.shown) : [],
    securityPolicy: policy,
    asked: await stands(sql, on.installationId, on.repositoryId, commentTarget(number)),
    writesToday: await writesSince(sql, on, since),
    notes: forms.problems,
  };
}

function verdictsOf(model: LabelModel, text: IssueText): readonly LabelVerdict[] {
  const learnt = new Map(model.labels.map((each) => [each.label, each]));
  return judge(model, text).map((judged) => ({
    ...judged,
    reason: learnt.get(judged.label)?.reason ?? null,
    together: learnt.get(judged.label)?.together ?? [],
  }));
}

function untaught({ labels, issues }: LabelModel): string | null {
  if (labels.length > 0) return null;
  return `no label has ${LEAST_EXAMPLES} examples by people yet (${issues} labelled issues)`;
}
