import { modelCost, sayCost } from "../agents/model/tally.js";
import { plain } from "./plain.js";
import type { Step } from "./journey.js";
import type { EffectStory, FindingStory, JobStory, RunStory, Story, Summary, WithoutDelivery } from "./story.js";

const LABEL = 11;

/** The story as text: a title, then one labelled line or block for each step from the delivery to its effects. */
export function renderStory(story: Story): string {
  const { delivery } = story;
  const lines = [
    `${delivery.event}${delivery.action ? `.${delivery.action}` : ""}  ${delivery.guid}`,
    ...block("received", [received(story)]),
    ...block("about", about(story)),
    ...block("status", [status(story)]),
    // A payload contains the same account several times.
    ...block("facts", [...new Set(story.facts.map((fact) => `${fact.entity} ${fact.key} ${fact.result}`))]),
    ...block("plan", plan(story)),
    ...work(story, delivery.guid),
  ];
  return textOf(lines);
}

/** Other facts about a pull request or issue; empty when its deliveries contain all of them. */
export function renderWithoutDelivery(unasked: WithoutDelivery): string {
  const lines = work(unasked, null);
  return lines.length === 0 ? "" : textOf([`${unasked.subject}  without a delivery`, ...lines]);
}

/** The present state in a few lines, before the stories. `deliveries`: how many follow. */
export function renderSummary(summary: Summary, deliveries: number): string {
  const { subject, kind, title, state, author, reviews, findings, effects } = summary;
  const last = reviews.at(-1);
  const lastReview = last ? `${last.reason} (${last.status}, ${time(last.finished_at ?? last.created_at)})` : null;
  return textOf([
    `${subject}${title === null ? "" : `  ${title}`}`,
    ...block("state", [kind === null ? "not stored" : `${kind}, ${state}${author === null ? "" : `, by ${author}`}`]),
    ...(lastReview === null ? [] : block("reviews", [`${reviews.length}, the last: ${lastReview}`])),
    ...block("findings", findingLines(findings)),
    ...block(
      "effects",
      [effects.map(({ status: how, count }) => `${count} ${how}`).join(", ")].filter((text) => text !== ""),
    ),
    ...block("deliveries", [deliveries === 0 ? "none is stored" : `${deliveries}, oldest first:`]),
  ]);
}

/** From the first commit to production: a line for each step, with the delivery that proves it. Empty before anything is deployed anywhere. */
export function renderJourney(subject: string, steps: readonly Step[]): string {
  if (steps.every(({ at, deployment }) => at !== null && deployment === null)) return "";
  const lines = steps.map(({ at, what, guid }) => {
    if (at === null) return `  ${"–".padEnd(24)}  ${what}`;
    return `  ${time(at)}  ${what}  ${guid === null ? "(read from GitHub)" : `delivery ${guid}`}`;
  });
  return textOf([`${subject}  from commit to production`, ...lines]);
}

type Work = Pick<Story, "jobs" | "runs" | "findings" | "effects">;

function work({ jobs, runs, findings, effects }: Work, guid: string | null): readonly string[] {
  return [
    ...jobs.flatMap((job) => block(`job ${job.id}`, jobLines(job, guid))),
    ...runs.flatMap((run) => [
      ...block(`run ${run.id}`, runLines(run)),
      ...block("  findings", findingLines(findings.filter(({ run_id: id }) => id === run.id))),
    ]),
    ...effects.flatMap((effect) => block(`effect ${effect.id}`, effectLines(effect))),
  ];
}

function textOf(lines: readonly string[]): string {
  return `${lines.map(plain).join("\n")}\n`;
}

function received({ delivery, duplicates }: Story): string {
  const again = delivery.redeliveries > 0 ? `, redelivered ${times(delivery.redeliveries)}` : "";
  const copies = duplicates > 0 ? `, ${duplicates} ${duplicates === 1 ? "duplicate" : "duplicates"} refused` : "";
  return `${time(delivery.received_at)}, ${delivery.body_bytes} bytes, signature valid${again}${copies}`;
}

function about({ delivery, repository, installation }: Story): readonly string[] {
  // An unread payload does not show its installation.
  const isRead = delivery.status === "processed" || delivery.status === "skipped";
  if (!isRead && delivery.installation_id === null && delivery.repository_id === null) return [];
  const place =
    repository?.full_name ?? (delivery.repository_id === null ? null : `repository ${delivery.repository_id}`);
  const who = installation
    ? `installation ${installation.id} of ${installation.account_login}`
    : delivery.installation_id === null
      ? "no installation"
      : `installation ${delivery.installation_id}`;
  return [place === null ? who : `${place}${thing(delivery.subject)} (${who})`];
}

/** `issue:7` in the usual form `#7`, after the repository's name. */
function thing(subject: string | null): string {
  if (subject === null) return "";
  const [kind, id] = subject.split(/:(.*)/s);
  return kind === "issue" || kind === "pull_request" ? `#${id}` : ` ${kind?.replaceAll("_", " ")} ${id}`;
}

function status({ delivery, reason }: Story): string {
  const attempts = delivery.attempts > 1 ? ` after ${delivery.attempts} attempts` : "";
  const why = delivery.error ?? reason;
  switch (delivery.status) {
    case "received":
      return "received: waits for a worker";
    case "processing":
      return `processing${attempts}`;
    case "retry":
      return `retry${delivery.run_at ? ` at ${time(delivery.run_at)}` : ""}${attempts}: ${why ?? "an earlier attempt failed"}`;
    case "duplicate":
      return `duplicate of ${delivery.duplicate_of ?? "an earlier delivery"}: not processed again`;
    case "processed":
      return `processed${attempts}`;
    default:
      return `${delivery.status}${attempts}${why ? `: ${why}` : ""}`;
  }
}

function plan({ delivery, planned, reason }: Story): readonly string[] {
  if (planned.length > 0)
    return planned.map(
      ({ name, key, status: state }) => `${name} ${key}${state === "planned" ? "" : " (one was already waiting)"}`,
    );
  return delivery.status === "processed" ? [`nothing to do${reason ? `: ${reason}` : ""}`] : [];
}

function jobLines(job: JobStory, guid: string | null): readonly string[] {
  const attempts = `${job.attempts} of ${job.max_attempts} attempts used`;
  const origin = job.delivery_guid === guid ? "" : `, planned by ${job.delivery_guid ?? "the app"}`;
  const when = job.status === "waiting" ? ` since ${time(job.created_at)}, due ${time(job.run_at)}` : "";
  const why = job.reason ?? job.error;
  return [`${job.name} ${job.key}: ${job.status}${when}${why ? `: ${why}` : ""}`, `${attempts}${origin}`];
}

function runLines(run: RunStory): readonly string[] {
  const head = run.head_sha === null ? "" : ` at ${run.head_sha.slice(0, 7)}`;
  const cost = modelCost.safeParse(run.model).data;
  const shadow = run.shadow ? " (shadow: nothing was written)" : "";
  return [
    `${run.agent}${head}, for ${run.trigger}: ${run.status}${shadow}: ${run.reason}`,
    ...run.notes,
    `${run.requests} requests, ${run.duration_ms} ms`,
    ...(cost ? [`model ${sayCost(cost)}`] : []),
  ];
}

const FATES: Readonly<Record<string, string>> = {
  decided: "not published yet",
  open: "open",
  fixed: "fixed",
  dismissed: "dismissed by a person",
  ignored: "ignored by /ignore",
};

/** One line for each finding: its fate, rule, place and text. */
function findingLines(findings: readonly FindingStory[]): readonly string[] {
  return findings.map(({ rule, severity, path, line, says, state, shadow }) => {
    const place = path === null ? "" : ` ${path}${line === null ? "" : `:${line}`}`;
    return `${FATES[state] ?? state}${shadow ? " (shadow)" : ""}: ${severity} ${rule}${place}: ${says}`;
  });
}

function effectLines(effect: EffectStory): readonly string[] {
  return [
    `${effect.kind} ${effect.target}: ${effect.status}${effect.github_url ? ` ${effect.github_url}` : ""}${effect.error ? `: ${effect.error}` : ""}`,
    `because ${effect.reason}`,
  ];
}

function block(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : "").padEnd(LABEL)} ${line}`);
}

function time(at: Date): string {
  return at.toISOString().replace("T", " ");
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
