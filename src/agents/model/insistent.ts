import type { Model } from "./model.js";

/** Asks once more when the answer had another form than was asked for. Each attempt is metered for itself below. */
export function insistent(model: Model): Model {
  return {
    name: model.name,
    ask: async (question) => {
      const first = await model.ask(question);
      return first.kind === "unanswered" && first.failure === "malformed" ? model.ask(question) : first;
    },
  };
}
