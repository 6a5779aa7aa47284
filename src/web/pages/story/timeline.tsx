import type { SubjectStory } from "../../../reports/subject-story.js";
import { deliveryFacts } from "../../../reports/story.js";
import type { PageContext } from "../page.js";
import { lookOf } from "../parts/states.js";
import { ArrivedAt, Ended, eventName, Facts, Moment } from "./delivery-parts.js";
import { type Work, WorkTree } from "./work.js";

interface Chapter {
  readonly at: Date;
  readonly delivery: SubjectStory["deliveries"][number] | null;
  readonly work: Work;
}

/** All events of a subject in order: each delivery with its jobs, then work without a delivery. */
export function SubjectTimeline({ story, context }: { story: SubjectStory; context: PageContext }) {
  const chapters = chaptersOf(story);
  const { installation, repository } = story;
  const { now } = context;
  const work = {
    now,
    settings: story.settings?.settings,
    repositoryUrl: `${context.site.serverUrl}/${repository.full_name}`,
  };
  return (
    <ol class="time">
      {chapters.map((chapter) => {
        const { delivery } = chapter;
        if (delivery === null)
          return (
            <Moment
              icon="sync"
              tone="note"
              head={
                <>
                  <strong>The app began by itself</strong> <ArrivedAt at={chapter.at} now={now} />
                </>
              }
            >
              <WorkTree work={chapter.work} context={work} />
            </Moment>
          );
        const look = lookOf("delivery", delivery.status);
        const { facts, reason } = deliveryFacts(delivery);
        const failedJobs = chapter.work.jobs.filter(({ status }) => status === "failed").length;
        return (
          <Moment
            icon={chapter.work.runs.length > 0 ? "hubot" : look.icon}
            tone={look.tone}
            head={
              <>
                <a href={`/story/${delivery.guid}`}>
                  <strong>{eventName(delivery)}</strong>
                </a>
                <ArrivedAt at={delivery.received_at} now={now} />
              </>
            }
          >
            <div>
              <Ended {...{ delivery, installation, repository, failedJobs, reason, now }} />
              <Facts facts={facts} />
            </div>
            <WorkTree work={chapter.work} context={work} />
          </Moment>
        );
      })}
    </ol>
  );
}

function chaptersOf(story: SubjectStory): readonly Chapter[] {
  const { deliveries, jobs, runs, effects } = story;
  const known = new Set(deliveries.map(({ guid }) => guid));
  const workOf = (isMine: (guid: string | null) => boolean): Work => {
    const mine = jobs.filter(({ delivery_guid }) => isMine(delivery_guid));
    const ids = new Set(mine.map(({ id }) => id));
    const jobIds = new Set(jobs.map(({ id }) => id));
    const belongs = (row: { readonly job_id: bigint | null; readonly delivery_guid: string | null }): boolean =>
      row.job_id !== null && jobIds.has(row.job_id) ? ids.has(row.job_id) : isMine(row.delivery_guid);
    return { jobs: mine, runs: runs.filter(belongs), effects: effects.filter(belongs) };
  };
  const told = deliveries.map((delivery): Chapter => {
    return { at: delivery.received_at, delivery, work: workOf((guid) => guid === delivery.guid) };
  });
  const unasked = workOf((guid) => guid === null || !known.has(guid));
  const first = unasked.jobs[0]?.created_at ?? unasked.runs[0]?.created_at ?? unasked.effects[0]?.created_at;
  const own: readonly Chapter[] = first === undefined ? [] : [{ at: first, delivery: null, work: unasked }];
  return [...told, ...own].sort((a, b) => a.at.getTime() - b.at.getTime());
}
