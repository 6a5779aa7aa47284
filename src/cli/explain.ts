import { Command } from "commander";
import { GoneError, InvalidError } from "../errors.js";
import { renderStory } from "../explain/render.js";
import { deliveriesAbout, readStory } from "../explain/story.js";
import type { Store } from "../store/store.js";
import { loadConfig, withStore } from "./open.js";

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SUBJECT = /^(?<repository>[\w.-]+\/[\w.-]+)#(?<number>\d+)$/;

export function explainCommand(): Command {
  return new Command("explain")
    .description("tell what became of a delivery, or of everything about a pull request or issue, and why")
    .argument("<what>", "a delivery's GUID (X-GitHub-Delivery), or owner/repo#number")
    .option("--json", "print the stories as JSON")
    .action(async (what: string, options: { json?: true }) => {
      await withStore(loadConfig(), async (store) => {
        const stories = await Promise.all((await guidsOf(store, what)).map((guid) => storyOf(store, guid)));
        process.stdout.write(options.json ? `${toJson(stories)}\n` : stories.map(renderStory).join("\n"));
      });
    });
}

async function guidsOf(store: Store, what: string): Promise<readonly string[]> {
  const { repository, number } = SUBJECT.exec(what)?.groups ?? {};
  if (repository === undefined) {
    if (what.includes("#") || what.includes("/"))
      throw new InvalidError(
        `'${what}' is neither a GUID nor owner/repo#number; see 'companyos-github explain --help'`,
      );
    return [what];
  }
  const guids = await deliveriesAbout(store, repository, Number(number));
  if (guids.length === 0) throw new GoneError(`no delivery about ${what} is stored`);
  return guids;
}

async function storyOf(store: Store, guid: string) {
  const story = await readStory(store, guid);
  if (story) return story;
  if (!GUID.test(guid)) throw new InvalidError(`'${guid}' is neither a delivery's GUID nor owner/repo#number`);
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
