import { z } from "zod";
import type { EffectOf } from "./effect.js";
import { GoneError } from "../errors.js";
import type { RestAnswer } from "../github/client.js";
import { inRepository, sinceOf, type Attempt, type Performed } from "./attempt.js";
import { findWritten } from "./find.js";
import { hasIntent, stamp } from "./marker.js";
import { parse } from "./written.js";

const Issue = z.object({ number: z.int(), html_url: z.string() });

/** The App's one issue of the incident. Its number identifies it at GitHub. */
export async function ensureIssue(effect: EffectOf<"issue">, attempt: Attempt): Promise<Performed> {
  const found = attempt.unsureSince && (await find(effect, attempt, attempt.unsureSince));
  if (found?.number !== undefined && hasIntent(found.body, attempt)) {
    return { change: "unchanged", adopted: true, githubId: String(found.number), url: found.html_url ?? null };
  }
  const number = found?.number ?? attempt.standing?.githubId;
  const updated = number === undefined ? null : await update(effect, attempt, String(number));
  if (updated) return updated;
  if (effect.state === "closed") return { skipped: "no open issue found to close" };
  const answer = await attempt.github.rest("POST /repos/{owner}/{repo}/issues", {
    ...inRepository(effect),
    title: effect.title,
    body: stamp(effect.body, attempt),
    labels: effect.labels,
  });
  return { change: "created", adopted: false, ...numbered(answer) };
}

async function find(effect: EffectOf<"issue">, attempt: Attempt, unsureSince: Date) {
  const { login } = await attempt.identity();
  const parameters = { ...inRepository(effect), creator: login, state: "all", since: sinceOf(unsureSince) };
  return findWritten(attempt, "GET /repos/{owner}/{repo}/issues", parameters);
}

/** Null when a person deleted the issue. */
async function update(effect: EffectOf<"issue">, attempt: Attempt, number: string): Promise<Performed | null> {
  try {
    const answer = await attempt.github.rest("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
      ...inRepository(effect),
      issue_number: number,
      title: effect.title,
      body: stamp(effect.body, attempt),
      labels: effect.labels,
      state: effect.state,
    });
    return { change: "updated", adopted: false, ...numbered(answer) };
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}

function numbered(answer: RestAnswer): { readonly githubId: string; readonly url: string } {
  const { number, html_url: url } = parse(Issue, answer.data);
  return { githubId: String(number), url };
}
