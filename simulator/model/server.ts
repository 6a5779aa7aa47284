import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** What the server does with one question. */
export type Behaviour =
  | { readonly text: string; readonly stop?: "refused" | "length"; readonly uncounted?: boolean }
  | { readonly status: number }
  /** Takes the question and never answers. */
  | { readonly silent: true }
  /** 200, and no JSON at all. */
  | { readonly raw: string };

/** A question as it came, whichever API it came by. */
export interface Asked {
  readonly api: "openai" | "anthropic";
  readonly system: string;
  readonly prompt: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface ModelServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export const USAGE = { input: 120, output: 30 };

/** A model on this machine that speaks OpenAI's chat API at `/chat/completions` and Anthropic's at `/messages`. */
export async function startModelServer(behave: (asked: Asked) => Behaviour): Promise<ModelServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const question = askedIn(request, await text(request));
      asked.push(question);
      answer(response, question.api, behave(question));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const content = z.union([
  z.string(),
  z.array(z.object({ text: z.string() })).transform((parts) => parts.map(({ text }) => text).join("")),
]);
const Body = z.object({
  system: content.optional(),
  messages: z.array(z.object({ role: z.string(), content })),
  tools: z.array(z.unknown()).optional(),
});

function askedIn(request: IncomingMessage, body: string): Asked {
  const { system, messages } = Body.parse(JSON.parse(body));
  const of = (role: string) =>
    messages
      .filter((message) => message.role === role)
      .map((message) => message.content)
      .join("\n");
  const api = request.url?.endsWith("/messages") === true ? "anthropic" : "openai";
  return { api, system: system ?? of("system"), prompt: of("user"), headers: request.headers, body };
}

function answer(response: ServerResponse, api: Asked["api"], behaviour: Behaviour): void {
  if ("silent" in behaviour) return;
  if ("raw" in behaviour) {
    response.writeHead(200, { "content-type": "application/json" }).end(behaviour.raw);
    return;
  }
  if ("status" in behaviour) {
    response.writeHead(behaviour.status, { "content-type": "application/json", "retry-after-ms": "1" });
    response.end(JSON.stringify({ type: "error", error: { type: "some_error", message: "no" } }));
    return;
  }
  const body = api === "openai" ? completion(behaviour) : message(behaviour);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

type Text = Extract<Behaviour, { readonly text: string }>;

function completion({ text, stop, uncounted }: Text): object {
  const reason = stop === "refused" ? "content_filter" : (stop ?? "stop");
  const usage = {
    prompt_tokens: USAGE.input,
    completion_tokens: USAGE.output,
    total_tokens: USAGE.input + USAGE.output,
  };
  return {
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: reason }],
    ...(uncounted !== true && { usage }),
  };
}

function message({ text, stop }: Text): object {
  return {
    type: "message",
    id: "m1",
    role: "assistant",
    model: "m",
    content: [{ type: "text", text }],
    stop_reason: stop === "refused" ? "refusal" : stop === "length" ? "max_tokens" : "end_turn",
    stop_sequence: null,
    usage: { input_tokens: USAGE.input, output_tokens: USAGE.output },
  };
}
