import { prose } from "../../text/markdown.js";
import { modelCost, sayCost } from "../../agents/model/tally.js";
import { recentRuns } from "../../store/reviews/runs.js";
import type { Command } from "./command.js";

const SHOWN = 5;

/** Shows what the agents did about this issue or pull request, or why they did nothing. */
export const explainCommand: Command = {
  name: "explain",
  usage: "/explain",
  does: "shows the app's decisions here, with their reasons",
  role: "read",
  on: "both",
  async run({ context, installationId, repository, number }) {
    const scope = { installationId, repositoryId: repository.id, number };
    const runs = await recentRuns(context.store.sql, scope, SHOWN);
    if (runs.length === 0) return { status: "answered", markdown: "The app has made no decisions here yet." };
    const lines = runs.map(({ at, agent, headSha, trigger, status, shadow, reason, notes, model }) => {
      const head = headSha === null ? "" : ` at \`${headSha.slice(0, 7)}\``;
      const how = shadow ? `${status}, in shadow` : status;
      const cost = modelCost.safeParse(model).data;
      const more = [...notes, ...(cost ? [sayCost(cost)] : [])].map((note) => `\n  - ${prose(note)}`).join("");
      return `- ${at.toISOString().slice(0, 19)}Z ${agent}${head}, for ${trigger} (${how}): ${prose(reason)}${more}`;
    });
    return { status: "answered", markdown: ["Newest first:", lines.join("\n")].join("\n\n") };
  },
};
