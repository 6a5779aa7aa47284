import { GoneError } from "../../../errors.js";
import { adviceForRun } from "../../../reports/advice.js";
import { reviewRunOf } from "../../../reports/review-run.js";
import { readSubjectStory, type SubjectStory } from "../../../reports/subject-story.js";
import { live } from "../layout.js";
import type { Answer, PageContext } from "../page.js";
import { Ago, Banner, Box, count, Empty, foreign, Icon, Sha } from "../parts/basics.js";
import { lookOf, pullState } from "../parts/states.js";
import { Findings } from "./findings.js";
import { SubjectTimeline } from "./timeline.js";
import { UndoBox, undoPreview } from "./undo.js";
import { Who } from "./leaves.js";

/** The story of a pull request or issue: what holds now, its findings, and everything that happened, in order. */
export async function subjectStory(context: PageContext, fullName: string, number: number): Promise<Answer> {
  const story = await context.read((reading) => readSubjectStory(reading, fullName, number));
  if (story === null)
    throw new GoneError(
      `Nothing about ${fullName}#${number} is stored, or you may not see it. If it exists at GitHub, ask for a sync of its repository.`,
    );
  const subject = story.pull ?? story.issue;
  const kind = story.pull ? "pull" : "issue";
  const name = `${story.repository.full_name}#${number}`;
  return {
    title: `${name} ${subject === null ? "" : foreign(subject.title, 80)}`,
    body: (
      <>
        <div class="title">
          <div>
            <h1>
              {subject === null ? name : foreign(subject.title, 300)} <span class="muted">#{number}</span>
            </h1>
            <p class="row">
              {subject === null ? null : <StatePill story={story} />}
              <a
                href={`${context.site.serverUrl}/${story.repository.full_name}/${kind === "pull" ? "pull" : "issues"}/${number}`}
              >
                {name} at GitHub <Icon name="link-external" />
              </a>
              {subject?.author_login ? <span class="muted">by {foreign(subject.author_login, 60)}</span> : null}
              {story.pull ? (
                <span class="muted">
                  head <Sha sha={story.pull.head_sha} />
                </span>
              ) : null}
            </p>
          </div>
        </div>
        {await undoPreview(context, story)}
        <div class="split">
          <div {...live(context, "story", ["deliveries", "jobs", "runs", "effects"])} class="stack">
            <Now story={story} context={context} />
            {story.findings.length === 0 ? null : <Findings story={story} context={context} />}
            <section>
              <h2>Timeline</h2>
              {story.cut ? <p class="muted small">Only the newest 60 deliveries and runs are shown.</p> : null}
              <SubjectTimeline story={story} context={context} />
            </section>
          </div>
          <aside class="stack">
            <Side story={story} context={context} />
          </aside>
        </div>
      </>
    ),
  };
}

function StatePill({ story: { pull, issue } }: { story: SubjectStory }) {
  const state = pull ? pullState(pull) : (issue?.state ?? "open");
  const { icon, word } = lookOf(pull ? "pull" : "issue", state);
  const tone =
    state === "open"
      ? "good"
      : state === "merged" || (!pull && state === "closed")
        ? "done"
        : state === "closed"
          ? "bad"
          : "";
  return (
    <span class={`state ${tone}`}>
      <Icon name={icon} /> {word[0]?.toUpperCase()}
      {word.slice(1)}
    </span>
  );
}

/** What holds now, in one sentence, and who can change it. */
function Now({ story, context }: { story: SubjectStory; context: PageContext }) {
  const last = story.runs.at(-1);
  const open = story.findings.filter(({ state, shadow }) => state === "open" && !shadow).length;
  const problems = Array.isArray(story.settings?.problems) ? story.settings.problems.length : 0;
  return (
    <>
      {last === undefined ? (
        <Banner tone="note">
          <strong>No agent has worked on this.</strong> {silence(story)}
        </Banner>
      ) : (
        <Banner tone={last.status === "done" ? (open > 0 ? "warn" : "good") : "note"}>
          <strong>
            {last.agent} at {last.head_sha?.slice(0, 7) ?? "the latest state"}:
          </strong>{" "}
          {foreign(last.reason, 500)}{" "}
          <span class="muted">{last.shadow ? "Shadow run: nothing was written. " : ""}</span>
          <Ago at={last.created_at} now={context.now} />
          <Who advice={adviceForRun(last)} />
        </Banner>
      )}
      {problems === 0 ? null : (
        <Banner tone="warn">
          <strong>The settings of this repository have problems.</strong> The last good settings hold until{" "}
          <code>.github/companyos.yml</code> is fixed; the check "companyos / settings" names each line.
        </Banner>
      )}
    </>
  );
}

/** Why there is no run at all. */
function silence({ pull, installation, repository, deliveries }: SubjectStory): string {
  if (installation?.deleted_at) return "The App is not installed any more.";
  if (installation?.suspended_at)
    return "The installation is suspended; an owner of the organisation can unsuspend it.";
  if (repository.archived) return "The repository is archived: nothing can be written to it.";
  if (repository.access_removed_at) return "The App may not see the repository any more.";
  if (pull === null) return "Issues are mirrored; no agent answers them in this version.";
  if (pull.state !== "open") return "It was closed before a review began.";
  return deliveries.length === 0
    ? "It was read by a sync; the review of open pull requests follows a sync by itself."
    : "A review is planned when a pull request opens, changes its head or becomes ready.";
}

function Side({ story, context }: { story: SubjectStory; context: PageContext }) {
  const { pull, issue, repository, settings, runs } = story;
  const lastReview = runs.findLast(({ agent, skipped }) => agent === "code-review" && skipped === null);
  const risk = lastReview ? reviewRunOf(lastReview, settings?.settings).risk : null;
  const subject = pull ?? issue;
  return (
    <>
      <Box title="State">
        <dl class="facts body">
          {risk === null ? null : (
            <>
              <dt>Risk</dt>
              <dd>
                <strong>{risk.risk}</strong>
                <div class="small muted">{foreign(risk.reasons.join("; "), 400)}</div>
              </dd>
            </>
          )}
          {pull ? (
            <>
              <dt>Checks</dt>
              <dd>{pull.checks_state?.toLowerCase() ?? "not read"}</dd>
              <dt>Change</dt>
              <dd>
                {pull.changed_files === null
                  ? "not read"
                  : `${count(pull.changed_files, "file")}, +${pull.additions ?? 0} −${pull.deletions ?? 0}`}
              </dd>
              <dt>Base</dt>
              <dd class="mono">{foreign(pull.base_ref)}</dd>
            </>
          ) : null}
          {subject === null ? null : (
            <>
              <dt>Updated</dt>
              <dd>
                <Ago at={subject.updated_at} now={context.now} />
              </dd>
              <dt>Mirrored</dt>
              <dd>
                {subject.observed_at === null ? "from deliveries" : <Ago at={subject.observed_at} now={context.now} />}
              </dd>
            </>
          )}
          <dt>Settings</dt>
          <dd>
            <a href={`${context.site.serverUrl}/${repository.full_name}/blob/HEAD/.github/companyos.yml`}>
              .github/companyos.yml
            </a>
            <div class="small muted">
              {settings === null ? (
                "not read yet: the defaults hold"
              ) : (
                <>
                  read <Ago at={settings.read_at} now={context.now} />
                </>
              )}
            </div>
          </dd>
        </dl>
      </Box>
      <UndoBox story={story} context={context} />
      <Commands story={story} now={context.now} />
      <p class="small muted">
        <code>
          companyos-github explain {repository.full_name}#{story.number}
        </code>
      </p>
    </>
  );
}

function Commands({ story: { commands }, now }: { story: SubjectStory; now: Date }) {
  return (
    <Box title="Commands">
      {commands.length === 0 ? (
        <Empty icon="comment" title="No commands yet">
          Comment <code>/help</code> on it at GitHub to see what the app can do here.
        </Empty>
      ) : (
        <ul>
          {commands.map((command) => (
            <li>
              <code>/{command.name}</code> by {foreign(command.by_login, 60)} <Ago at={command.created_at} now={now} />
              <div class="small muted">
                {command.status}
                {command.reason === null ? "" : `: ${foreign(command.reason, 200)}`}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Box>
  );
}
