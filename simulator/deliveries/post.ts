import { request as httpRequest, Agent } from "node:http";
import { request as httpsRequest } from "node:https";

export interface Posted {
  readonly statusCode: number;
  readonly status: string;
  readonly response: string;
}

/** At most this much of the receiver's answer is kept. */
const MAX_RESPONSE = 4096;

/** Posts a delivery once. Never throws: a receiver that cannot be reached is 502, one that is too slow 504. */
export function post(
  url: string,
  headers: { readonly [name: string]: string },
  body: string,
  options: { readonly timeoutMs: number; readonly agent: Agent },
): Promise<Posted> {
  return new Promise((resolve) => {
    const secure = url.startsWith("https:");
    const send = secure ? httpsRequest : httpRequest;
    const request = send(url, {
      method: "POST",
      headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
      ...(secure ? {} : { agent: options.agent }),
    });
    const timer = setTimeout(() => {
      resolve({ statusCode: 504, status: "timed out", response: "" });
      request.destroy();
    }, options.timeoutMs);
    const finish = (posted: Posted): void => {
      clearTimeout(timer);
      resolve(posted);
    };
    request.on("error", (error) => finish({ statusCode: 502, status: "failed to connect", response: error.message }));
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (text.length < MAX_RESPONSE) text += chunk;
      });
      response.on("error", () => finish({ statusCode: 502, status: "connection lost", response: text }));
      response.on("end", () => {
        const statusCode = response.statusCode ?? 0;
        const ok = statusCode >= 200 && statusCode < 300;
        finish({ statusCode, status: ok ? "OK" : `Invalid HTTP Response: ${statusCode}`, response: text });
      });
    });
    request.end(body);
  });
}
