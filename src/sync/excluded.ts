import { GoneError } from "../errors.js";

/** The repository is excluded by the allow or deny list. This is not a warning and is not retried. */
export class ExcludedError extends GoneError {}
