import { z } from "zod";
import { GoneError, InvalidError } from "../../../errors.js";
import { previewUndo, requestUndo, type UndoRequest } from "../../../jobs/undo.js";
import type { SubjectStory } from "../../../reports/subject-story.js";
import { CSRF_FIELD, mayAdminister } from "../../viewer.js";
import type { Done } from "../acts.js";
import type { PageContext } from "../page.js";
import { Banner, Box, count, foreign, Icon } from "../parts/basics.js";
import { given, withQuery } from "../parts/table.js";
import type { Form } from "../respond.js";

/** The run in `?undo=`; `all` means every effect on the subject. */
const RUN = /^\d{1,18}$/;
const MOST_RUNS = 5;

/** The form that undoes effects; for admins of the organisation. */
export function UndoBox({ story, context }: { story: SubjectStory; context: PageContext }) {
  const written = story.effects.filter(
    ({ kind, status }) => kind !== "undo" && (status === "done" || status === "adopted"),
  );
  if (written.length === 0 || !mayAdminister(context.viewer, story.repository.installation_id)) return null;
  const jobs = new Set(written.map(({ job_id: id }) => id));
  const runs = story.runs.filter(({ job_id: id }) => id !== null && jobs.has(id)).slice(-MOST_RUNS);
  return (
    <Box title="Take back">
      <div class="body stack">
        <p class="small muted">
          The app wrote {count(written.length, "effect")} here. What people changed since stays as it is.
        </p>
        <a class="btn" href={withQuery(context.url, { undo: "all" })}>
          <Icon name="sync" /> Take all of it back…
        </a>
        {runs.length < 2 ? null : (
          <ul class="small">
            {runs.map((run) => (
              <li>
                <a href={withQuery(context.url, { undo: String(run.id) })}>
                  Only run {String(run.id)} of {run.agent}…
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Box>
  );
}

/** The effects that would be undone, with the button; null: the address does not request it. */
export async function undoPreview(context: PageContext, story: SubjectStory) {
  const wanted = given(context.url, "undo");
  const { installation_id: installationId } = story.repository;
  if (wanted === undefined || !mayAdminister(context.viewer, installationId)) return null;
  const request = requestOf(context, story, wanted);
  const { kinds, targets } = await context.read(({ sql }) => previewUndo(sql, request));
  const effects = kinds.reduce((sum, each) => sum + each.effects, 0);
  const cancel = withQuery(context.url, { undo: null });
  if (targets.length === 0)
    return (
      <Banner tone="note">
        <strong>Nothing is left to take back.</strong> <a href={cancel}>Close</a>
      </Banner>
    );
  return (
    <Banner tone="warn">
      <strong>
        Take back {count(effects, "effect")} of {request.runId === null ? "the app" : `run ${request.runId}`} here?
      </strong>{" "}
      Each is compared with GitHub first: what a person changed since stays.
      <div class="row small">
        {kinds.map(({ kind, effects: some, irreversible }) => (
          <span class="pill">
            {kind} × {some}
            {irreversible === null ? "" : `: stays, ${irreversible}`}
          </span>
        ))}
      </div>
      <form method="post" action={`${context.url.pathname}/undo`} class="row">
        <input type="hidden" name={CSRF_FIELD} value={context.viewer.csrf} />
        <input type="hidden" name="undo" value={wanted} />
        <button class="primary">Take {count(effects, "effect")} back</button>
        <a class="btn" href={cancel}>
          Cancel
        </a>
      </form>
    </Banner>
  );
}

function requestOf(
  { viewer, now }: PageContext,
  { repository, number }: Pick<SubjectStory, "repository" | "number">,
  wanted: string,
): UndoRequest {
  if (wanted !== "all" && !RUN.test(wanted)) throw new InvalidError(`"${foreign(wanted, 40)}" is no run.`);
  return {
    installationId: Number(repository.installation_id),
    repositoryId: Number(repository.id),
    number: wanted === "all" ? number : null,
    runId: wanted === "all" ? null : wanted,
    until: now.toISOString(),
    since: null,
    label: null,
    rule: null,
    by: viewer.login,
  };
}

/** Plans the undo of a subject or of one of its runs, for an admin of the organisation. */
export async function undoSubject(context: PageContext, fullName: string, number: number, form: Form): Promise<Done> {
  const repository = await context.read(({ prisma }) =>
    prisma.repository.findFirst({
      where: { full_name: { equals: fullName, mode: "insensitive" } },
      orderBy: { updated_at: "desc" },
    }),
  );
  if (repository === null) throw new GoneError(`${fullName} is not stored, or you may not see it.`);
  const { installation_id: installationId } = repository;
  if (!mayAdminister(context.viewer, installationId))
    throw new InvalidError("Only admins of the organisation can take back what the app did.");
  const wanted = z.string().catch("all").parse(form["undo"]);
  const request = requestOf(context, { repository, number }, wanted);
  await context.site.wakeJobs(await requestUndo(context.site.store, request, context.now));
  const act = { installationId, action: "undo.request", target: `${fullName}#${number}`, detail: { undo: wanted } };
  return { answer: { location: `/story/${repository.full_name}/${number}` }, acts: [act] };
}
