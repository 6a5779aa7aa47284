import { serveMiddleware } from "./probot-server.js";

// Probot's middleware alone with an empty handler: verified, parsed, acknowledged; nothing logged, nothing stored.
await serveMiddleware(async () => undefined);
