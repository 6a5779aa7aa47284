import { z } from "zod";
import { QUEUE_KINDS, type QueueItem, type QueueKind } from "../../agents/triage/queue.js";
import { GoneError, InvalidError } from "../../errors.js";
import { type QueuedQuestion, triageQueue } from "../../reports/triage.js";
import { answerQuestion } from "../../runs/triage/answer-job.js";
import { triageWeeks } from "../../store/triage/record.js";
import { CSRF_FIELD, mayAdminister } from "../viewer.js";
import type { Done } from "./acts.js";
import { live } from "./layout.js";
import type { Answer, PageContext } from "./page.js";
import { Ago, Box, count, Empty, foreign } from "./parts/basics.js";
import { given, withQuery } from "./parts/table.js";
import type { Form } from "./respond.js";
import { TriageRecord } from "./triage-record.js";

const NAMES: Readonly<Record<QueueKind, string>> = {
  security: "Security",
  spam: "Spam",
  overdue: "Overdue",
  unsure: "Unsure",
  duplicate: "Duplicates",
};

/** How far back the record goes. */
const RECORD_MS = 12 * 7 * 86_400_000;

/** What triage leaves to people, one keystroke a decision, and how right it was. */
export async function triagePage(context: PageContext): Promise<Answer> {
  const { url, scope, now } = context;
  const only = QUEUE_KINDS.find((kind) => kind === given(url, "kind")) ?? null;
  const all = await context.read(({ sql }) => triageQueue(sql, scope, now));
  const installations = scope.installations.map(({ id }) => id);
  const since = new Date(now.getTime() - RECORD_MS);
  const weeks = await context.read(({ sql }) => triageWeeks(sql, installations, { since, repositoryId: null }));
  const shown = only === null ? all : all.filter(({ item }) => item.kind === only);
  return {
    title: "Triage",
    body: (
      <>
        <div class="title">
          <div>
            <h1>Triage</h1>
            <p class="muted">
              Open issues that triage leaves to people. Keys: <kbd>j</kbd> and <kbd>k</kbd> move, <kbd>y</kbd> and{" "}
              <kbd>n</kbd> answer.
            </p>
          </div>
        </div>
        <div class="stack">
          <nav class="row" aria-label="Kinds of questions">
            <Kind url={url} kind={null} active={only === null} found={all.length} />
            {QUEUE_KINDS.map((kind) => (
              <Kind
                url={url}
                kind={kind}
                active={only === kind}
                found={all.filter(({ item }) => item.kind === kind).length}
              />
            ))}
          </nav>
          <div {...live(context, "triage", ["issues", "runs"])}>
            <Box title={count(shown.length, "question")}>
              {shown.length === 0 ? (
                <Empty icon="check-circle-fill" title="Nothing to decide">
                  Questions appear here when triage is unsure, finds a likely security report, spam or a duplicate, or
                  when a response goal is missed.
                </Empty>
              ) : (
                <ul data-queue>
                  {shown.map((question) => (
                    <Question question={question} context={context} />
                  ))}
                </ul>
              )}
            </Box>
          </div>
          <TriageRecord weeks={weeks} />
        </div>
      </>
    ),
  };
}

function Kind({ url, kind, active, found }: { url: URL; kind: QueueKind | null; active: boolean; found: number }) {
  return (
    <a class="btn" href={withQuery(url, { kind })} aria-current={active ? "page" : undefined}>
      {kind === null ? "All" : NAMES[kind]} <span class="muted">{found}</span>
    </a>
  );
}

function Question({ question, context }: { question: QueuedQuestion; context: PageContext }) {
  const { issue, item } = question;
  const { repository, number, title, author, createdAt } = issue;
  return (
    <li data-item tabindex={0} aria-label={`${repository}#${number}: ${item.question}`}>
      <div class="row">
        <span class="pill">{NAMES[item.kind]}</span>
        <a href={`/story/${repository}/${number}`}>{foreign(title, 120)}</a>
        <span class="muted small">
          {repository}#{number} by {foreign(author ?? "ghost", 40)} <Ago at={createdAt} now={context.now} />
        </span>
      </div>
      <div class="row">
        <span>
          <Words item={item} repository={repository} />
        </span>
        <Answers question={question} context={context} />
      </div>
    </li>
  );
}

function Words({ item, repository }: { item: QueueItem; repository: string }) {
  if (item.kind !== "duplicate") return <>{foreign(item.question, 300)}</>;
  return (
    <>
      Is this a duplicate of <a href={`/story/${repository}/${item.reference}`}>#{item.reference}</a>?
    </>
  );
}

function Answers({ question: { issue, item }, context }: { question: QueuedQuestion; context: PageContext }) {
  if (!mayAdminister(context.viewer, issue.installationId)) return null;
  const fields = {
    [CSRF_FIELD]: context.viewer.csrf,
    repository: issue.repository,
    number: String(issue.number),
    kind: item.kind,
    reference: item.reference,
  };
  return (
    <form method="post" action={`/triage/answer${context.url.search}`} class="inline row">
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button name="answer" value="yes" data-answer="y">
        Yes
      </button>
      <button name="answer" value="no" data-answer="n">
        No
      </button>
    </form>
  );
}

const Answered = z.object({
  repository: z.string(),
  number: z.coerce.number().int().positive(),
  kind: z.enum(QUEUE_KINDS),
  reference: z.string().max(200),
  answer: z.enum(["yes", "no"]),
});

/** Records a person's decision, and has the label that follows from it put on the issue. */
export async function answerTriage(context: PageContext, form: Form): Promise<Done> {
  const { viewer, site, scope, now } = context;
  const given = Answered.safeParse(form).data;
  if (!given) throw new InvalidError("The answer is not complete; reload the page and answer again.");
  const { repository, number, kind, reference, answer } = given;
  const queue = await context.read(({ sql }) => triageQueue(sql, scope, now));
  const found = queue.find(
    ({ issue, item }) =>
      issue.repository === repository && issue.number === number && item.kind === kind && item.reference === reference,
  );
  if (!found) throw new GoneError("This question is answered already, or the issue was closed.");
  const { installationId, repositoryId } = found.issue;
  if (!mayAdminister(viewer, installationId))
    throw new InvalidError("Only admins of the organisation can decide here.");
  const yes = answer === "yes";
  const label = yes ? found.label : null;
  const said = { installationId, repositoryId, number, kind, reference, yes, by: viewer.login, now };
  await site.wakeJobs(await answerQuestion(site.store, said, label));
  const target = `${repository}#${number}`;
  const detail = { kind, reference, answer, label };
  return {
    answer: { location: `/triage${context.url.search}` },
    acts: [{ installationId, action: "triage.answer", target, detail }],
  };
}
