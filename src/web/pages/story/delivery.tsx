import { GoneError } from "../../../errors.js";
import { readStory, type Story } from "../../../reports/story.js";
import { readBody } from "../../../store/deliveries/delivery-body.js";
import { CSRF_FIELD, mayAdminister } from "../../viewer.js";
import { live } from "../layout.js";
import type { Answer, PageContext } from "../page.js";
import { Banner, Box, capital, Command, exact, foreign, Icon } from "../parts/basics.js";
import { lookOf, StateLabel } from "../parts/states.js";
import { Arrived, ArrivedAt, Ended, eventName, Facts, Moment } from "./delivery-parts.js";
import { type Work, WorkTree } from "./work.js";

/** The story of one delivery, from its bytes to its effects. */
export async function deliveryStory(context: PageContext, guid: string): Promise<Answer> {
  const found = await context.read(async (reading) => {
    const story = await readStory(reading, guid);
    const id = story?.delivery.repository_id ?? null;
    const settings =
      id === null ? null : await reading.prisma.repositorySettings.findUnique({ where: { repository_id: id } });
    return story && { story, settings };
  });
  if (found === null) throw new GoneError(`No delivery with the GUID ${guid} is stored, or you may not see it.`);
  const { story, settings } = found;
  // The web role cannot read bodies; the page shows only whether the body is still stored.
  const hasBody = (await readBody(context.site.store.sql, guid)) !== null;
  const { delivery } = story;
  const title = eventName(delivery);
  return {
    title: `${title} ${guid}`,
    body: (
      <>
        <div class="title">
          <div>
            <h1>{title}</h1>
            <p class="muted">
              Delivery <span class="mono">{guid}</span>
            </p>
          </div>
          <StateLabel of="delivery" state={delivery.status} />
        </div>
        <div class="split">
          <div {...live(context, "story", ["deliveries", "jobs", "runs", "effects"])}>
            <DeliveryTimeline story={story} settings={settings?.settings} context={context} />
          </div>
          <aside class="stack">
            <About story={story} />
            <Replay story={story} hasBody={hasBody} context={context} />
          </aside>
        </div>
      </>
    ),
  };
}

function DeliveryTimeline({ story, settings, context }: { story: Story; settings: unknown; context: PageContext }) {
  const { delivery, jobs, runs, effects, installation, repository, reason } = story;
  const { now } = context;
  const workContext = {
    now,
    settings,
    repositoryUrl: repository === null ? null : `${context.site.serverUrl}/${repository.full_name}`,
  };
  const look = lookOf("delivery", delivery.status);
  const work: Work = { jobs, runs, effects };
  const failedJobs = jobs.filter(({ status }) => status === "failed").length;
  return (
    <ol class="time">
      <Moment
        icon="inbox"
        tone="note"
        head={
          <>
            <strong>Arrived</strong> <ArrivedAt at={delivery.received_at} now={now} />
          </>
        }
      >
        <Arrived delivery={delivery} duplicates={story.duplicates} />
      </Moment>
      {delivery.status === "received" ? null : (
        <Moment
          icon="file-code"
          head={
            <>
              <strong>Read</strong> <span class="muted small">as {eventName(delivery)}</span>
            </>
          }
        >
          {story.facts.length === 0 ? <p class="muted">It changed no stored rows.</p> : <Facts facts={story.facts} />}
        </Moment>
      )}
      <Moment
        icon={look.icon}
        tone={look.tone}
        head={
          <>
            <strong>{capital(look.word)}</strong>{" "}
            {delivery.processed_at === null ? null : <ArrivedAt at={delivery.processed_at} now={now} />}
          </>
        }
      >
        <div>
          <Ended {...{ delivery, installation, repository, failedJobs, reason, now }} />
        </div>
      </Moment>
      {jobs.length + runs.length + effects.length === 0 ? null : (
        <Moment icon="workflow" head={<strong>Work</strong>}>
          <WorkTree work={work} context={workContext} />
        </Moment>
      )}
    </ol>
  );
}

function About({ story }: { story: Story }) {
  const { delivery, repository, installation } = story;
  const [kind, number] = delivery.subject?.split(/:(.*)/s) ?? [];
  const subject =
    kind === "issue" || kind === "pull_request"
      ? `/${number}`
      : kind === "deployment"
        ? `/deployments/${number}`
        : null;
  return (
    <Box title="About">
      <dl class="facts body">
        <dt>Repository</dt>
        <dd>{repository === null ? <span class="muted">none</span> : repository.full_name}</dd>
        {subject === null || repository === null ? null : (
          <>
            <dt>Subject</dt>
            <dd>
              <a href={`/story/${repository.full_name}${subject}`}>
                {kind?.replaceAll("_", " ")} {number}
              </a>
            </dd>
          </>
        )}
        <dt>Installation</dt>
        <dd>
          {installation === null ? (
            <span class="muted">none</span>
          ) : (
            `${installation.account_login} (${installation.id})`
          )}
        </dd>
        <dt>Received</dt>
        <dd>{exact(delivery.received_at)}</dd>
        <dt>Attempts</dt>
        <dd>{delivery.attempts}</dd>
        {delivery.sender_login === null ? null : (
          <>
            <dt>Sender</dt>
            <dd>
              <a href={`/activity?sender=${encodeURIComponent(delivery.sender_login)}`}>
                {foreign(delivery.sender_login, 60)}
              </a>
            </dd>
          </>
        )}
        <dt>User agent</dt>
        <dd class="mono">{foreign(delivery.user_agent ?? "unknown")}</dd>
        {delivery.trace_id === null ? null : (
          <>
            <dt>Trace</dt>
            <dd class="mono">{delivery.trace_id}</dd>
          </>
        )}
      </dl>
      <div class="body small">
        <a href={`/api/integrations/github/deliveries/${delivery.guid}`}>As JSON</a>
        <Command>companyos-github explain {delivery.guid}</Command>
      </div>
    </Box>
  );
}

function Replay({ story, hasBody, context }: { story: Story; hasBody: boolean; context: PageContext }) {
  const { delivery, installation } = story;
  if (delivery.status === "duplicate") return null;
  if (!mayAdminister(context.viewer, installation?.id ?? null))
    return <Banner tone="note">Admins of {installation?.account_login ?? "the app"} can replay this delivery.</Banner>;
  if (!hasBody)
    return (
      <Banner tone="note">
        <strong>This delivery cannot be replayed.</strong> Its body was deleted after BODY_RETENTION_DAYS. GitHub
        redelivers for three days (App settings, Advanced); later, ask for a sync on the <a href="/sync">Sync page</a>.
      </Banner>
    );
  const action = `/story/${delivery.guid}/replay`;
  const token = <input type="hidden" name={CSRF_FIELD} value={context.viewer.csrf} />;
  return (
    <Box title="Replay">
      <div class="body stack">
        <p class="small muted">
          The stored bytes are processed again, and its failed jobs run again. Existing writes at GitHub are not written
          twice.
        </p>
        <div class="row">
          <form method="post" action={action}>
            {token}
            <button class="primary">
              <Icon name="sync" /> Replay
            </button>
          </form>
        </div>
      </div>
    </Box>
  );
}
