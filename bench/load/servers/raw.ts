import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { serve, serverOptions } from "../serve.js";

// The limit: Node's http and the HMAC, nothing stored, nothing parsed.
const { secret } = serverOptions();

serve(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const expected = createHmac("sha256", secret).update(Buffer.concat(chunks)).digest();
      const given = Buffer.from(String(request.headers["x-hub-signature-256"]).slice(7), "hex");
      response.writeHead(timingSafeEqual(given, expected) ? 202 : 401).end("ok\n");
    });
  }),
);
