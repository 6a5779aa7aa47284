import { modelCost, sayCost } from "../../../agents/model/tally.js";
import { adviceForRun } from "../../../reports/advice.js";
import { type ReviewRun, reviewRunOf, type RuleResult } from "../../../reports/review-run.js";
import type { EffectStory, JobStory, RunStory } from "../../../reports/story.js";
import { EffectLeaves, Leaf, Place, Who, type WorkContext } from "./leaves.js";
import { Ago, count, foreign, Sha, span } from "../parts/basics.js";
import { lookOf } from "../parts/states.js";

/** The results of a job as a tree: job, runs, rules, effects. */
export interface Work {
  readonly jobs: readonly JobStory[];
  readonly runs: readonly RunStory[];
  readonly effects: readonly EffectStory[];
}

/** The jobs of a delivery, or those without one. */
export function WorkTree({ work, context }: { work: Work; context: WorkContext }) {
  const { jobs, runs, effects } = work;
  const jobIds = new Set(jobs.map(({ id }) => id));
  const strays = runs.filter(({ job_id }) => job_id === null || !jobIds.has(job_id));
  const strayEffects = effects.filter(({ job_id }) => job_id === null || !jobIds.has(job_id));
  return (
    <ul class="tree">
      {jobs.map((job) => (
        <li>
          <JobLeaf job={job} now={context.now} />
          <JobWork
            runs={runs.filter(({ job_id }) => job_id === job.id)}
            effects={effects.filter(({ job_id }) => job_id === job.id)}
            context={context}
          />
        </li>
      ))}
      {strays.map((run) => (
        <li>
          <RunLeaf run={run} effects={[]} context={context} />
        </li>
      ))}
      <EffectLeaves effects={strayEffects} context={context} />
    </ul>
  );
}

function JobLeaf({ job, now }: { job: JobStory; now: Date }) {
  const { icon, tone, word } = lookOf("job", job.status);
  const why = job.reason ?? job.error;
  return (
    <Leaf icon={icon} tone={tone}>
      Job <code>{job.name}</code> {word}
      {why === null ? null : <>: {foreign(why, 500)}</>}
      <div class="small muted">
        {job.attempts} of {count(job.max_attempts, "attempt")} used
        {job.status === "waiting" ? (
          <>
            {" · "}due <Ago at={job.run_at} now={now} />
          </>
        ) : job.started_at && job.finished_at ? (
          <> · took {span(job.finished_at.getTime() - job.started_at.getTime())}</>
        ) : null}
        {job.error_kind === null || job.status === "done" ? null : <> · {job.error_kind} error</>}
      </div>
    </Leaf>
  );
}

function JobWork({
  runs,
  effects,
  context,
}: {
  runs: readonly RunStory[];
  effects: readonly EffectStory[];
  context: WorkContext;
}) {
  if (runs.length + effects.length === 0) return null;
  const last = runs.at(-1);
  return (
    <ul>
      {runs.map((run) => (
        <li>
          <RunLeaf run={run} effects={run === last ? effects : []} context={context} />
        </li>
      ))}
      {last === undefined ? <EffectLeaves effects={effects} context={context} /> : null}
    </ul>
  );
}

/** A run of an agent: its input, the result of each rule, its effects. */
export function RunLeaf({
  run,
  effects,
  context,
}: {
  run: RunStory;
  effects: readonly EffectStory[];
  context: WorkContext;
}) {
  const { icon, tone, word } = lookOf("run", run.status);
  const review = reviewRunOf(run, context.settings);
  const cost = modelCost.safeParse(run.model).data;
  return (
    <>
      <Leaf icon={run.status === "done" ? "hubot" : icon} tone={tone}>
        <strong>{run.agent}</strong>
        {run.head_sha === null ? null : (
          <>
            {" "}
            at <Sha sha={run.head_sha} />
          </>
        )}{" "}
        {word}: {foreign(run.reason, 500)} {run.shadow ? <span class="pill">shadow: nothing was written</span> : null}
        <div class="small muted">
          for {run.trigger} · {count(run.requests, "request")} · {span(run.duration_ms)}
          {cost ? ` · model ${sayCost(cost)}` : ""}
        </div>
        <Who advice={adviceForRun(run)} />
      </Leaf>
      <ul>
        <ReadLeaf review={review} />
        <RuleLeaves review={review} run={run} context={context} />
        {review.gaps.map(({ path, reason }) => (
          <li>
            <Leaf icon="eye" tone="warn">
              <code>{foreign(path)}</code> was not read completely: {foreign(reason)}
            </Leaf>
          </li>
        ))}
        {review.risk === null ? null : (
          <li>
            <Leaf icon="law">
              Risk <strong>{review.risk.risk}</strong>: {foreign(review.risk.reasons.join("; "), 600)}
            </Leaf>
          </li>
        )}
        <EffectLeaves effects={effects} context={context} />
        {run.notes.map((note) => (
          <li>
            <Leaf icon="info">{foreign(note, 500)}</Leaf>
          </li>
        ))}
      </ul>
    </>
  );
}

function ReadLeaf({ review: { input, counts } }: { review: ReviewRun }) {
  if (input.files === undefined || counts === null) return null;
  const carried = input.carried ?? 0;
  return (
    <li>
      <Leaf icon="file-code">
        Read {count(input.files, "changed file")}
        {carried > 0 ? `, ${carried} of them unchanged since the last review` : ""}
        {input.forcePushed === true ? ", after a forced push" : ""}
        {input.settings === undefined || input.settings === "read" ? "" : `; used ${input.settings}`}
        {counts.fixed > 0 ? `; ${count(counts.fixed, "earlier finding")} fixed` : ""}
        {counts.silenced > 0 ? `; ${count(counts.silenced, "finding")} dismissed, ignored or muted` : ""}
      </Leaf>
    </li>
  );
}

function RuleLeaves({ review: { rules }, run, context }: { review: ReviewRun; run: RunStory; context: WorkContext }) {
  const of = (result: RuleResult["result"]) => rules.filter((rule) => rule.result === result);
  const [clean, off] = [of("clean"), of("off")];
  return (
    <>
      {of("found").map(({ rule, found }) => {
        const { icon, tone } = lookOf("level", found[0]?.level ?? "notice");
        return (
          <li>
            <Leaf icon={icon} tone={tone}>
              Rule <code>{foreign(rule, 80)}</code>: {count(found.length, "finding")}
              {found.map(({ path, line, message }) => (
                <div class="small">
                  <Place path={path} line={line} sha={run.head_sha} repositoryUrl={context.repositoryUrl} />{" "}
                  {foreign(message.split("\n")[0] ?? "", 300)}
                </div>
              ))}
            </Leaf>
          </li>
        );
      })}
      {of("muted").map(({ rule, precision }) => (
        <li>
          <Leaf icon="mute">
            Rule <code>{rule}</code> is muted: people kept {Math.round((precision ?? 0) * 100)} % of its findings
          </Leaf>
        </li>
      ))}
      {clean.length === 0 ? null : (
        <li>
          <Leaf icon="check" tone="good">
            <details class="fold">
              <summary>{count(clean.length, "rule")} found nothing</summary>
              <Names rules={clean} />
            </details>
          </Leaf>
        </li>
      )}
      {off.length === 0 ? null : (
        <li>
          <Leaf icon="stop">
            <details class="fold">
              <summary>{count(off.length, "rule")} switched off in the settings</summary>
              <Names rules={off} />
            </details>
          </Leaf>
        </li>
      )}
    </>
  );
}

function Names({ rules }: { rules: readonly RuleResult[] }) {
  return (
    <span class="row">
      {rules.map(({ rule }) => (
        <code>{rule}</code>
      ))}
    </span>
  );
}
