import { z } from "zod";
import {
  type Advisory,
  ADVISORY_SEVERITIES,
  type AdvisoryAnswer,
  type AdvisorySource,
  sameName,
} from "../../agents/code-review/dependencies/advisory.js";
import { type Ecosystem, ECOSYSTEMS, type LockEntry } from "../../agents/code-review/dependencies/lock-entries.js";
import type { Clock } from "../../domain.js";
import { messageOf } from "../../errors.js";
import type { GitHubClient } from "../client.js";

const answer = z.array(
  z.object({
    ghsa_id: z.string(),
    severity: z.enum(ADVISORY_SEVERITIES).catch("low"),
    type: z.string(),
    withdrawn_at: z.string().nullish(),
    vulnerabilities: z
      .array(
        z.object({
          package: z.object({ ecosystem: z.string(), name: z.string().nullish() }).nullish(),
          vulnerable_version_range: z.string().nullish(),
          first_patched_version: z.string().nullish().catch(null),
        }),
      )
      .nullish(),
  }),
);

/** Versions in one request: their names are part of its address. */
const IN_A_REQUEST = 80;
/** Versions of one review that are compared. */
const MOST_COMPARED = 400;
/** An answer is used again for so long. */
const KEPT_MS = 60 * 60_000;
const MOST_KEPT = 20_000;
/** A review does not wait longer for all of its requests. */
const MOST_WAIT_MS = 15_000;

type Kind = "malware" | "reviewed";

/** What GitHub's advisory database says about versions, kept for an hour: it is public, and the same for everybody. */
export interface Advisories {
  /** Reads by this client. An outage is an answer with a problem, never an error. */
  sourceOf(client: GitHubClient): AdvisorySource;
}

export function openAdvisories(clock: Clock): Advisories {
  const kept = new Map<string, { readonly until: number; readonly advisories: readonly Advisory[] }>();
  const keep = (key: string, advisories: readonly Advisory[]) => {
    const oldest = kept.size >= MOST_KEPT ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    kept.set(key, { until: clock.now().getTime() + KEPT_MS, advisories });
  };
  const known = (key: string): readonly Advisory[] | null => {
    const entry = kept.get(key);
    return entry && entry.until > clock.now().getTime() ? entry.advisories : null;
  };

  async function read(client: GitHubClient, kind: Kind, entries: readonly LockEntry[]): Promise<readonly Advisory[]> {
    const found: Advisory[] = [];
    for (const ecosystem of ECOSYSTEMS) {
      const ofIt = entries.filter((entry) => entry.ecosystem === ecosystem);
      found.push(...ofIt.flatMap((entry) => known(keyOf(kind, entry)) ?? []));
      const unknown = ofIt.filter((entry) => known(keyOf(kind, entry)) === null);
      for (let at = 0; at < unknown.length; at += IN_A_REQUEST) {
        const asked = unknown.slice(at, at + IN_A_REQUEST);
        const advisories = await ask(client, kind, ecosystem, asked);
        for (const entry of asked) {
          const about = advisories.filter(({ name }) => sameName(ecosystem, name, entry.name));
          keep(keyOf(kind, entry), about);
          found.push(...about);
        }
      }
    }
    return found;
  }

  return {
    sourceOf:
      (client) =>
      async ({ entries, malware, vulnerabilities }): Promise<AdvisoryAnswer> => {
        const compared = entries.slice(0, MOST_COMPARED);
        const left = entries.length - compared.length;
        const kinds: readonly Kind[] = [
          ...(malware ? ["malware" as const] : []),
          ...(vulnerabilities ? ["reviewed" as const] : []),
        ];
        const advisories: Advisory[] = [];
        try {
          await within(MOST_WAIT_MS, async () => {
            for (const kind of kinds) advisories.push(...(await read(client, kind, compared)));
          });
        } catch (error) {
          return {
            advisories: unique(advisories),
            problem: `GitHub's advisories could not be read: ${messageOf(error)}`,
          };
        }
        return {
          advisories: unique(advisories),
          problem: left > 0 ? `${left} more versions were not compared with advisories` : null,
        };
      },
  };
}

async function ask(
  client: GitHubClient,
  type: Kind,
  ecosystem: Ecosystem,
  entries: readonly LockEntry[],
): Promise<readonly Advisory[]> {
  const affects = entries.map(({ name, version }) => `${name}@${version}`).join(",");
  const parameters = { type, ecosystem, affects, per_page: 100 };
  const advisories: Advisory[] = [];
  for await (const page of client.pages("GET /advisories", parameters))
    for (const { ghsa_id: id, severity, vulnerabilities, withdrawn_at: withdrawn, ...each } of answer.parse(page))
      for (const { package: about, vulnerable_version_range: range, first_patched_version: fixed } of vulnerabilities ??
        [])
        if (about?.ecosystem === ecosystem && about.name != null && withdrawn == null)
          advisories.push({
            id,
            severity,
            malware: each.type === "malware",
            ecosystem,
            name: about.name,
            range: range ?? "",
            fixed: fixed ?? null,
          });
  return advisories;
}

function keyOf(kind: Kind, { ecosystem, name, version }: LockEntry): string {
  return `${kind} ${ecosystem} ${name}@${version}`;
}

function unique(advisories: readonly Advisory[]): readonly Advisory[] {
  return [...new Map(advisories.map((each) => [JSON.stringify(each), each])).values()];
}

async function within(limitMs: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
