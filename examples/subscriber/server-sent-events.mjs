// Prints events from the API. After an interruption it continues where it was.
//   PUBLIC_URL=http://localhost:3000 TOKEN=cosp_... node examples/subscriber/server-sent-events.mjs
import { setTimeout as delay } from "node:timers/promises";

const url = `${process.env.PUBLIC_URL ?? "http://localhost:3000"}/api/integrations/github/events`;
const stopping = new AbortController();
process.once("SIGINT", () => stopping.abort());

/** A real subscriber stores it with its results. */
let lastId = process.env.LAST_EVENT_ID;
while (!stopping.signal.aborted) {
  try {
    await follow();
  } catch (error) {
    if (!stopping.signal.aborted) console.error(`${error.message}; connecting again`);
  }
  await delay(2000, undefined, { signal: stopping.signal }).catch(() => undefined);
}

async function follow() {
  const headers = {
    authorization: `Bearer ${process.env.TOKEN ?? ""}`,
    ...(lastId !== undefined && { "last-event-id": lastId }),
  };
  const response = await fetch(url, { headers, signal: stopping.signal });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  let text = "";
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const messages = (text + part).split("\n\n");
    text = messages.pop() ?? "";
    messages.forEach(take);
  }
}

function take(message) {
  const lines = message.split("\n");
  const field = (name) =>
    lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  const [id] = field("id");
  if (field("event")[0] === "gap") return console.error(`events are missing: ${field("data").join("\n")}`);
  if (id === undefined) return undefined;
  const event = JSON.parse(field("data").join("\n"));
  console.log(event.type, event.subject ?? event.source, event.id);
  lastId = id;
  return undefined;
}
