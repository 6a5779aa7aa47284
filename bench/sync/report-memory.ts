import { collected } from "./memory.js";

/** Loaded into the app's process: tells what is in use after a collection whenever it is asked. */
process.on("message", () => process.send?.(collected()));
// The channel alone is no reason to go on living.
process.channel?.unref();
