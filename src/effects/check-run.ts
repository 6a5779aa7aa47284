import { z } from "zod";
import { type Annotation, ANNOTATIONS_A_REQUEST, type EffectOf, MOST_ANNOTATIONS } from "./effect.js";
import type { Parameters } from "../github/client.js";
import { inRepository, type Attempt, type Performed } from "./attempt.js";
import { fitBytes } from "./marker.js";
import { cut, cutBytes } from "../text/cut.js";
import { parse, writtenOf } from "./written.js";

interface CheckRun {
  readonly githubId: string;
  readonly url: string | null;
}

/** The limit in bytes of UTF-8. Source: GitHub's REST reference, 'Check runs'. */
const LONGEST_SUMMARY = 65_535;
const LONGEST_MESSAGE = 64 * 1024;
/** Characters. */
const LONGEST_TITLE = 255;

/**
 * The App's check run of this name. Annotations are sent in batches; `completed` is sent with the last batch, so that a
 * finished check is complete. A later attempt continues after the last batch that arrived.
 */
export async function ensureCheckRun(effect: EffectOf<"check-run">, attempt: Attempt): Promise<Performed> {
  const found = attempt.unsureSince && (await find(effect, attempt));
  const missing = effect.annotations.slice(found?.posted ?? 0, MOST_ANNOTATIONS);
  if (found && missing.length === 0 && found.status === effect.status) {
    return { change: "unchanged", adopted: true, githubId: found.githubId, url: found.url };
  }
  let written: CheckRun | null = found ?? unfinishedOf(attempt);
  const change = written ? "updated" : "created";
  const batches = batchesOf(missing);
  for (const [index, batch] of batches.entries()) {
    const body = bodyOf(effect, attempt, batch, index === batches.length - 1);
    const answer = written
      ? await attempt.github.rest("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
          ...body,
          check_run_id: written.githubId,
        })
      : await attempt.github.rest("POST /repos/{owner}/{repo}/check-runs", { ...body, head_sha: effect.headSha });
    written = writtenOf(answer);
  }
  return { change, adopted: false, githubId: written?.githubId ?? null, url: written?.url ?? null };
}

function summaryOf({ summary, annotations }: EffectOf<"check-run">): string {
  const more = annotations.length - MOST_ANNOTATIONS;
  return more > 0 ? `${more} more findings are not shown on their lines.\n\n${summary}` : summary;
}

/** At least one batch: a check without annotations is one request. */
function batchesOf(annotations: readonly Annotation[]): readonly (readonly Annotation[])[] {
  const count = Math.max(1, Math.ceil(annotations.length / ANNOTATIONS_A_REQUEST));
  return Array.from({ length: count }, (_, index) =>
    annotations.slice(index * ANNOTATIONS_A_REQUEST, (index + 1) * ANNOTATIONS_A_REQUEST),
  );
}

function bodyOf(
  effect: EffectOf<"check-run">,
  { intent, storyUrl }: Pick<Attempt, "intent" | "storyUrl">,
  annotations: readonly Annotation[],
  last: boolean,
): Parameters {
  const detailsUrl = effect.detailsUrl ?? storyUrl;
  const finished = last && effect.status === "completed";
  return {
    ...inRepository(effect),
    name: effect.name,
    external_id: intent,
    status: last ? effect.status : "in_progress",
    ...(finished && { conclusion: effect.conclusion ?? "neutral" }),
    ...(detailsUrl && { details_url: detailsUrl }),
    output: {
      title: cut(effect.title, LONGEST_TITLE),
      summary: fitBytes(summaryOf(effect), LONGEST_SUMMARY),
      annotations: annotations.map((annotation) => ({
        path: annotation.path,
        start_line: annotation.startLine,
        end_line: annotation.endLine,
        annotation_level: annotation.level,
        message: cutBytes(annotation.message, LONGEST_MESSAGE),
        ...(annotation.title !== undefined && { title: cut(annotation.title, LONGEST_TITLE) }),
      })),
    },
  };
}

/**
 * The check run that waits for its completion, according to the ledger. It may have no annotations yet; they are only
 * ever added.
 */
function unfinishedOf({ standing }: Attempt): CheckRun | null {
  const effect = standing?.effect;
  if (!standing || effect?.kind !== "check-run") return null;
  return effect.status !== "completed" && effect.annotations.length === 0 ? standing : null;
}

const CheckRuns = z.object({
  check_runs: z.array(
    z.object({
      id: z.coerce.string(),
      external_id: z.string().nullish(),
      html_url: z.string().nullish(),
      status: z.string(),
      app: z.object({ id: z.coerce.bigint() }).nullish(),
      output: z.object({ annotations_count: z.int().catch(0) }),
    }),
  ),
});

interface FoundCheckRun extends CheckRun {
  readonly status: string;
  /** The number of its annotations. */
  readonly posted: number;
}

async function find(effect: EffectOf<"check-run">, attempt: Attempt): Promise<FoundCheckRun | null> {
  const { appId } = await attempt.identity();
  const parameters = { ...inRepository(effect), ref: effect.headSha, check_name: effect.name, filter: "all" };
  for await (const page of attempt.github.pages("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", parameters)) {
    const ours = parse(CheckRuns, page).check_runs.find(
      (run) => run.app?.id === appId && run.external_id === attempt.intent,
    );
    if (ours) {
      return {
        githubId: ours.id,
        url: ours.html_url ?? null,
        status: ours.status,
        posted: ours.output.annotations_count,
      };
    }
  }
  return null;
}
