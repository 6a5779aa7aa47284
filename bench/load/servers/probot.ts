import { serveStock } from "./probot-server.js";

// Stock Probot with an empty handler: logged, verified, parsed, acknowledged; nothing stored.
await serveStock(async () => undefined);
