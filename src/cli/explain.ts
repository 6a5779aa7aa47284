import { Command, InvalidArgumentError } from "commander";
import { GoneError } from "../errors.js";
import { journeyOf, type Step } from "../reports/journey.js";
import { renderJourney, renderStory, renderSummary, renderWithoutDelivery } from "../reports/render.js";
import {
  deliveriesAbout,
  readStory,
  readSummary,
  readWithoutDelivery,
  type Story,
  type WithoutDelivery,
} from "../reports/story.js";
import { readGuid } from "../inbox/guid.js";
import type { Store } from "../store/store.js";
import { loadConfig, withStore } from "./open.js";

const SUBJECT = /^(?<repository>[\w.-]+\/[\w.-]+)#(?<number>\d{1,9})$/;
/** The address of a pull request or issue, with any suffix: `/files`, a query, a fragment. */
const ADDRESS =
  /^https?:\/\/[^/\s]+\/(?<repository>[\w.-]+\/[\w.-]+)\/(?:pull|issues)\/(?<number>\d{1,9})(?:[/?#]\S*)?$/;

/** The subject of the question. */
type Asked =
  | { readonly kind: "delivery"; readonly guid: string }
  | { readonly kind: "subject"; readonly repository: string; readonly number: number };

export function explainCommand(): Command {
  return new Command("explain")
    .description("show what happened to a delivery, a pull request or an issue, and why")
    .argument(
      "<what>",
      "a delivery's GUID (X-GitHub-Delivery), owner/repo#number, or the address of a pull request or issue",
      toAsked,
    )
    .option("--json", "print the summary and the stories as JSON")
    .action(async (asked: Asked, options: { json?: true }) => {
      await withStore(await loadConfig(), async (store, _url, where) => {
        const json = options.json === true;
        const text =
          asked.kind === "delivery"
            ? await aboutDelivery(store, asked.guid, json)
            : await about(store, asked.repository, asked.number, json);
        if (text === null)
          throw new GoneError(
            asked.kind === "delivery"
              ? `No delivery with the GUID ${asked.guid} is stored in ${where}. If GitHub lists it (App settings, Advanced), redeliver it from there.`
              : `Nothing about ${asked.repository}#${asked.number} is stored in ${where}.`,
          );
        process.stdout.write(text);
      });
    });
}

function toAsked(text: string): Asked {
  const { repository, number } = (SUBJECT.exec(text) ?? ADDRESS.exec(text))?.groups ?? {};
  if (repository !== undefined) return { kind: "subject", repository, number: Number(number) };
  const guid = readGuid(text);
  if (guid === null)
    throw new InvalidArgumentError(
      `'${text}' is neither a GUID, nor owner/repo#number, nor the address of a pull request.`,
    );
  return { kind: "delivery", guid };
}

/** Null: nothing is stored. */
async function aboutDelivery(store: Store, guid: string, json: boolean): Promise<string | null> {
  const story = await readStory(store, guid);
  if (story === null) return null;
  return json ? `${toJson([story])}\n` : renderStory(story);
}

/** The summary, the story of each delivery, then work without a delivery. Null: nothing is stored. */
async function about(store: Store, repository: string, number: number, json: boolean): Promise<string | null> {
  const guids = await deliveriesAbout(store, repository, number);
  const stories = (await Promise.all(guids.map((guid) => readStory(store, guid)))).flatMap((story) => story ?? []);
  const unasked = withoutTold(await readWithoutDelivery(store, repository, number), stories);
  const summary = await readSummary(store, repository, number);
  const rest = renderWithoutDelivery(unasked);
  const journey = await journeyNamed(store, repository, number);
  if (stories.length === 0 && rest === "" && summary.kind === null) return null;
  if (json)
    return `${toJson({ summary, ...(journey.length === 0 ? {} : { journey }), stories, ...(rest === "" ? {} : { unasked }) })}\n`;
  const way = renderJourney(summary.subject, journey);
  return [renderSummary(summary, stories.length), way, ...stories.map(renderStory), rest]
    .filter((text) => text !== "")
    .join("\n");
}

async function journeyNamed({ prisma, sql }: Store, full_name: string, number: number): Promise<readonly Step[]> {
  const where = { full_name: { equals: full_name, mode: "insensitive" } } as const;
  const found = await prisma.repository.findFirst({ where, orderBy: { updated_at: "desc" } });
  return found === null ? [] : journeyOf(sql, found.id, number);
}

/** A delivery may have joined a job that the app had planned. That job is already in the delivery's story. */
function withoutTold(unasked: WithoutDelivery, stories: readonly Story[]): WithoutDelivery {
  const left = <T extends { readonly id: bigint }>(all: readonly T[], shown: (story: Story) => readonly T[]): T[] => {
    const ids = new Set(stories.flatMap(shown).map(({ id }) => id));
    return all.filter(({ id }) => !ids.has(id));
  };
  return {
    ...unasked,
    jobs: left(unasked.jobs, ({ jobs }) => jobs),
    runs: left(unasked.runs, ({ runs }) => runs),
    findings: left(unasked.findings, ({ findings }) => findings),
    effects: left(unasked.effects, ({ effects }) => effects),
  };
}

function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => {
      if (typeof item === "bigint") return String(item);
      return item instanceof Uint8Array ? Buffer.from(item).toString("hex") : item;
    },
    2,
  );
}
