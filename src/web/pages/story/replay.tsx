import { GoneError, InvalidError } from "../../../errors.js";
import { replayOne } from "../../../jobs/replay.js";
import { mayAdminister } from "../../viewer.js";
import type { Done } from "../acts.js";
import type { PageContext } from "../page.js";

/** Replays a delivery, for an admin of its installation. */
export async function replayDelivery(context: PageContext, guid: string): Promise<Done> {
  const installationId = await replayableBy(context, guid);
  const replayed = await replayOne(context.site, guid);
  switch (replayed.status) {
    case "replayed":
      return {
        answer: { location: `/story/${guid}` },
        acts: [{ installationId, action: "delivery.replay", target: guid }],
      };
    case "unfinished":
      throw new InvalidError("This delivery is not finished: a worker has it, or takes it by itself.");
    case "no-body":
      throw new GoneError(
        "The stored body of this delivery is past its retention (BODY_RETENTION_DAYS). GitHub redelivers for three days: App settings, Advanced.",
      );
    case "duplicate":
      throw new InvalidError("This delivery is a duplicate: replay the first one.");
    case "unknown":
      throw new GoneError(`No delivery with the GUID ${guid} is stored.`);
  }
}

/** The delivery's installation, if the viewer administers it. */
async function replayableBy(context: PageContext, guid: string): Promise<bigint | null> {
  const delivery = await context.read(({ prisma }) =>
    prisma.delivery.findUnique({ where: { guid }, select: { installation_id: true } }),
  );
  if (delivery === null) throw new GoneError(`No delivery with the GUID ${guid} is stored, or you may not see it.`);
  if (!mayAdminister(context.viewer, delivery.installation_id))
    throw new InvalidError("Only admins of the organisation can replay its deliveries.");
  return delivery.installation_id;
}
