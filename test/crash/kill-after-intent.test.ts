import { killTests } from "./kill.js";

await killTests("afterIntent");
