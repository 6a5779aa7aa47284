import { serve } from "../serve.js";
import { probotServer } from "./probot-server.js";

// Stock Probot with an empty handler: verified, parsed, acknowledged; nothing stored.
serve(await probotServer(async () => undefined));
