import { killTests } from "./kill.js";

await killTests("afterCall");
