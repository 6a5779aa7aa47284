import { GoneError } from "../../../errors.js";
import { adviceForRun } from "../../../reports/advice.js";
import { obstaclesOf, type Surroundings } from "../../../reports/obstacles.js";
import { neutralCheckOf, reviewRunOf } from "../../../reports/review-run.js";
import { readSubjectStory, type SubjectStory } from "../../../reports/subject-story.js";
import { pausedWrites } from "../../../store/effects/switch.js";
import type { Reading } from "../../../store/read-as.js";
import { deniedReason } from "../../../store/tenants/denied-reason.js";
import { live } from "../layout.js";
import type { Answer, PageContext } from "../page.js";
import { Ago, Banner, Box, capital, Command, count, foreign, Icon, Sha } from "../parts/basics.js";
import { lookOf, pullState } from "../parts/states.js";
import { Findings } from "./findings.js";
import { Journey } from "./journey.js";
import { SubjectTimeline } from "./timeline.js";
import { UndoBox, undoPreview } from "./undo.js";
import { Who } from "./leaves.js";

/** The story of a pull request or issue: its present state, its findings, and all events in order. */
export async function subjectStory(context: PageContext, fullName: string, number: number): Promise<Answer> {
  const found = await context.read(async (reading) => {
    const story = await readSubjectStory(reading, fullName, number);
    if (story === null) return { story, why: await whyAbsent(reading, fullName) };
    return { story, around: await surroundingsOf(reading, story, context) };
  });
  if (found.story === null) throw new GoneError(`Nothing about ${fullName}#${number} is stored. ${found.why}`);
  const { story, around } = found;
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
        <div class="after">{await undoPreview(context, story)}</div>
        <div class="split">
          <div {...live(context, "story", ["deliveries", "deployments", "jobs", "runs", "effects"])} class="stack">
            <Now story={story} around={around} context={context} />
            <Journey story={story} now={context.now} />
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

async function surroundingsOf(reading: Reading, story: SubjectStory, context: PageContext): Promise<Surroundings> {
  const { installation_id } = story.repository;
  return {
    now: context.now,
    dryRun: context.site.dryRun,
    pausedWrites: await pausedWrites(reading.sql, installation_id),
    sync: await reading.prisma.syncRun.findFirst({ where: { installation_id }, orderBy: { id: "desc" } }),
  };
}

/** Why nothing is stored about a repository, as far as the viewer may know. */
async function whyAbsent({ prisma }: Reading, fullName: string): Promise<string> {
  const [owner = ""] = fullName.split("/");
  const installation = await prisma.installation.findFirst({
    where: { account_login: { equals: owner, mode: "insensitive" } },
    orderBy: { updated_at: "desc" },
  });
  if (installation === null)
    return `The App is not installed on ${owner}, or you may not see it. An owner of ${owner} can install it.`;
  if (installation.deleted_at) return `The App is not installed on ${owner} any more. An owner can install it again.`;
  const denied = deniedReason(fullName, installation);
  if (denied !== null)
    return `The repository is excluded: ${denied}. The operator can run 'companyos-github repositories allow'.`;
  return "If it exists at GitHub and the App has access to the repository, ask for a sync of it on the Sync page.";
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
      <Icon name={icon} /> {capital(word)}
    </span>
  );
}

/** The present state: obstacles, then the last run of each agent, each with the person who can change it. */
function Now({ story, around, context }: { story: SubjectStory; around: Surroundings; context: PageContext }) {
  const obstacles = obstaclesOf(story, around);
  const latest = [...new Map(story.runs.map((run) => [run.agent, run])).values()];
  return (
    <>
      {obstacles.map(({ tone, what, detail, advice, href }) => (
        <Banner tone={tone}>
          <strong>{foreign(what, 200)}.</strong> {foreign(detail, 500)}{" "}
          {href === null ? null : <a href={href}>Details</a>}
          <Who advice={advice} />
        </Banner>
      ))}
      {latest.map((run) => (
        <LastRun run={run} story={story} now={context.now} />
      ))}
      {latest.length > 0 ? null : (
        <Banner tone="note">
          <strong>No agent has run on this yet.</strong> {whyNoRun(story)}
        </Banner>
      )}
    </>
  );
}

function LastRun({ run, story, now }: { run: SubjectStory["runs"][number]; story: SubjectStory; now: Date }) {
  const open = story.findings.filter(({ state, shadow }) => state === "open" && !shadow).length;
  const tone = run.status !== "done" || run.skipped !== null || run.shadow ? "note" : open > 0 ? "warn" : "good";
  const neutral = neutralCheckOf(run);
  return (
    <Banner tone={tone}>
      <strong>
        {run.agent} at {run.head_sha?.slice(0, 7) ?? "the latest state"}:
      </strong>{" "}
      {foreign(run.reason, 500)} {run.shadow ? <span class="muted">Shadow run: nothing was written. </span> : null}
      <span class="muted">
        <Ago at={run.created_at} now={now} />
      </span>
      {neutral === null ? null : <div class="small">The check is neutral: {foreign(neutral.why, 300)}.</div>}
      <Who advice={neutral?.advice ?? adviceForRun(run)} />
    </Banner>
  );
}

/** Why there is no run although there is no obstacle. */
function whyNoRun({ pull, issue, deliveries }: SubjectStory): string {
  const subject = pull ?? issue;
  if (subject !== null && subject.state !== "open") return "It was closed before an agent began.";
  if (deliveries.length === 0) return "A sync read it; the review of open pull requests follows a sync by itself.";
  if (pull === null) return "Triage is planned when an issue opens; comment /triage to ask for it now.";
  return "A review is planned when a pull request opens, changes its head or becomes ready; comment /review to ask for it now.";
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
      <Command>
        companyos-github explain {repository.full_name}#{story.number}
      </Command>
    </>
  );
}

function Commands({ story: { commands }, now }: { story: SubjectStory; now: Date }) {
  return (
    <Box title="Commands">
      {commands.length === 0 ? (
        <p class="body small muted">
          None yet. Comment <code>/help</code> at GitHub to see what the app can do here.
        </p>
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
