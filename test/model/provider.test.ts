import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { insistent } from "../../src/agents/model/insistent.js";
import type { Question } from "../../src/agents/model/model.js";
import { openProvider, type ProviderSettings } from "../../src/agents/model/provider.js";
import { type Behaviour, type ModelServer, startModelServer, USAGE } from "../support/model-server.js";

const GOOD: Behaviour = { text: '{"answer": 4}' };
const KEY = "key-of-the-provider-1234";

const question: Question<{ answer: number }> = {
  purpose: "test",
  system: "Answer with JSON.",
  prompt: "2 + 2",
  schema: z.object({ answer: z.int() }),
  maxOutputTokens: 100,
};

let server: ModelServer | undefined;
afterEach(() => server?.close());

/** A server that behaves so, one behaviour a request; the last one for all that follow. */
async function behaving(provider: ProviderSettings["provider"], ...behaviours: readonly Behaviour[]) {
  const started = await startModelServer(() => behaviours[started.asked.length - 1] ?? behaviours.at(-1) ?? GOOD);
  server = started;
  const settings = { provider, model: "claude-sonnet-4-5", apiKey: KEY, baseUrl: started.url };
  return { server: started, model: (timeLimitMs = 20_000) => openProvider({ ...settings, timeLimitMs }) };
}

describe.each(["openai-compatible", "anthropic"] as const)("%s", (provider) => {
  const usage = { inputTokens: USAGE.input, outputTokens: USAGE.output };

  it("answers by the schema, with its cost; offers no tools", async () => {
    const { server: asked, model } = await behaving(provider, GOOD);
    expect(await model().ask(question)).toEqual({ kind: "answered", value: { answer: 4 }, usage });
    expect(asked.asked).toHaveLength(1);
    expect(asked.asked[0]).toMatchObject({ prompt: question.prompt });
    expect(asked.asked[0]?.system).toContain(question.system);
    expect(asked.asked[0]?.body).not.toContain('"tools"');
    expect(JSON.stringify(asked.asked[0]?.headers)).toContain(KEY);
  });

  it.each<[string, Behaviour]>([
    ["prose", { text: "It is four." }],
    ["another form", { text: '{"answer": "four"}' }],
    ["half an answer", { text: '{"answer":', stop: "length" }],
    ["nothing", { text: "" }],
  ])("%s is malformed", async (_name, behaviour) => {
    const { model } = await behaving(provider, behaviour);
    expect(await model().ask(question)).toEqual({ kind: "unanswered", failure: "malformed", usage });
  });

  it("an unreadable body is a failure of the provider, not of the app", async () => {
    const { model } = await behaving(provider, { raw: "<html>busy</html>" });
    expect(await model().ask(question)).toEqual({ kind: "unanswered", failure: "malformed", usage: null });
  });

  it("distinguishes refusals", async () => {
    const { model } = await behaving(provider, { text: "", stop: "refused" });
    expect(await model().ask(question)).toEqual({ kind: "unanswered", failure: "refused", usage });
  });

  it("silence ends at the time limit", async () => {
    const { model } = await behaving(provider, { silent: true });
    expect(await model(200).ask(question)).toEqual({ kind: "unanswered", failure: "too-slow", usage: null });
  });

  it.each([
    [429, "rate-limited", 3],
    [500, "unavailable", 3],
    [503, "unavailable", 3],
    [401, "rejected", 1],
    [400, "rejected", 1],
    [404, "rejected", 1],
  ] as const)("%i is %s, after %i requests", async (status, failure, requests) => {
    const { server: asked, model } = await behaving(provider, { status });
    expect(await model().ask(question)).toEqual({ kind: "unanswered", failure, usage: null });
    expect(asked.asked).toHaveLength(requests);
  });

  it("continues after a 429 and a 500", async () => {
    const { model } = await behaving(provider, { status: 429 }, { status: 500 }, GOOD);
    expect(await model().ask(question)).toMatchObject({ kind: "answered" });
  });

  it("asks once more after a malformed answer, and not twice", async () => {
    const bad = { text: "no" };
    const first = await behaving(provider, bad, GOOD);
    expect(await insistent(first.model()).ask(question)).toMatchObject({ kind: "answered" });
    await first.server.close();
    const { server: asked, model } = await behaving(provider, bad, bad, GOOD);
    expect(await insistent(model()).ask(question)).toMatchObject({ failure: "malformed" });
    expect(asked.asked).toHaveLength(2);
  });
});

it("an endpoint that counts no tokens is charged for the most that it can have been", async () => {
  const { model } = await behaving("openai-compatible", { text: '{"answer": 4}', uncounted: true });
  const answer = await model().ask(question);
  expect(answer.usage).toEqual({ inputTokens: 11, outputTokens: 100 });
});

it("an unreachable provider is unavailable", async () => {
  const { server: gone, model } = await behaving("openai-compatible", GOOD);
  await gone.close();
  expect(await model().ask(question)).toMatchObject({ kind: "unanswered", failure: "unavailable" });
});
