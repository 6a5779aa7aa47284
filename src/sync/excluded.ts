import { GoneError } from "../errors.js";

/** Nothing is wrong: this is not to be read at all. It is no warning, and is not tried again. */
export class ExcludedError extends GoneError {}
