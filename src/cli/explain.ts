import { Command } from "commander";
import { GoneError, InvalidError } from "../errors.js";
import { renderStory, renderUnasked } from "../reports/render.js";
import { deliveriesAbout, readStory, readUnasked, type Story, type Unasked } from "../reports/story.js";
import { readGuid } from "../inbox/guid.js";
import type { Store } from "../store/store.js";
import { loadConfig, withStore } from "./open.js";

const SUBJECT = /^(?<repository>[\w.-]+\/[\w.-]+)#(?<number>\d+)$/;

export function explainCommand(): Command {
  return new Command("explain")
    .description("tell what became of a delivery, or of everything about a pull request or issue, and why")
    .argument("<what>", "a delivery's GUID (X-GitHub-Delivery), or owner/repo#number")
    .option("--json", "print the stories as JSON")
    .action(async (what: string, options: { json?: true }) => {
      await withStore(await loadConfig(), async (store) => {
        const { stories, unasked } = await told(store, what);
        const rest = unasked ? renderUnasked(unasked) : "";
        const texts = [...stories.map(renderStory), ...(rest === "" ? [] : [rest])];
        if (texts.length === 0) throw new GoneError(`no delivery about ${what} is stored`);
        process.stdout.write(
          options.json ? `${toJson([...stories, ...(rest === "" ? [] : [unasked])])}\n` : texts.join("\n"),
        );
      });
    });
}

interface Told {
  readonly stories: readonly Story[];
  /** Null: the question was about one delivery. */
  readonly unasked: Unasked | null;
}

async function told(store: Store, what: string): Promise<Told> {
  const { repository, number } = SUBJECT.exec(what)?.groups ?? {};
  if (repository === undefined) {
    const guid = readGuid(what);
    if (guid === null)
      throw new InvalidError(
        `'${what}' is neither a GUID nor owner/repo#number; see 'companyos-github explain --help'`,
      );
    return { stories: [await storyOf(store, guid)], unasked: null };
  }
  const guids = await deliveriesAbout(store, repository, Number(number));
  const stories = await Promise.all(guids.map((guid) => storyOf(store, guid)));
  const unasked = await readUnasked(store, repository, Number(number));
  return { stories, unasked: withoutTold(unasked, stories) };
}

/** A job that no delivery called for may have been joined by one, and is in its story then. */
function withoutTold(unasked: Unasked, stories: readonly Story[]): Unasked {
  const left = <T extends { readonly id: bigint }>(all: readonly T[], shown: (story: Story) => readonly T[]): T[] => {
    const ids = new Set(stories.flatMap(shown).map(({ id }) => id));
    return all.filter(({ id }) => !ids.has(id));
  };
  return {
    ...unasked,
    jobs: left(unasked.jobs, ({ jobs }) => jobs),
    runs: left(unasked.runs, ({ runs }) => runs),
    effects: left(unasked.effects, ({ effects }) => effects),
  };
}

async function storyOf(store: Store, guid: string): Promise<Story> {
  const story = await readStory(store, guid);
  if (story) return story;
  throw new GoneError(
    `no delivery with the GUID ${guid} was acknowledged here. If GitHub lists it (App settings, Advanced), redeliver it from there.`,
  );
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
