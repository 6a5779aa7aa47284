import { z } from "zod";

const SAID = "must be the id of an installation, a whole number";

/** An installation's id in a query or in a JSON body, where a number and its text are as good. */
export const InstallationId = z
  .union([z.int(SAID).positive(SAID), z.string(SAID).regex(/^[1-9]\d{0,17}$/, SAID)], SAID)
  .transform(BigInt);

/** `?installation=`; null without it. */
export const InstallationQuery = z.object({ installation: InstallationId.nullable() });
