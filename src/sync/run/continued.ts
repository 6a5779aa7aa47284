import type { FailedCursor, NewCursor } from "../../store/sync/cursors.js";

/** Their position is a page number, and new items shift it, so these lists are read from the beginning. */
const NUMBERED: ReadonlySet<string> = new Set(["deployments", "releases"]);

/** The cursors that earlier runs gave up, with their positions. */
export function continued(failed: readonly FailedCursor[]): readonly NewCursor[] {
  const lists = new Map<string, NewCursor>();
  for (const each of failed) {
    const key = `${each.repository_id} ${each.entity}`;
    const other = lists.get(key);
    lists.set(key, other ? together(other, each) : goesOn(each));
  }
  return [...lists.values()];
}

function goesOn(failed: FailedCursor): NewCursor {
  const { since, cursor, started_at: startedAt } = failed;
  // A list that stops at known items may have a gap behind them if it was interrupted.
  if (NUMBERED.has(failed.entity)) return whole(failed);
  if (cursor === null) return { ...whole(failed), since };
  return { ...whole(failed), since, cursor, ...(startedAt && { startedAt }) };
}

/** Two runs gave it up at different positions: one complete reading replaces both. */
function together(one: NewCursor, other: FailedCursor): NewCursor {
  if (other.entity !== "added") return whole(other);
  return { ...one, cursor: [one.cursor ?? "", other.cursor ?? ""].join(" ") };
}

function whole({ repository_id: repositoryId, entity }: FailedCursor): NewCursor {
  return { repositoryId, entity, position: 0, since: null, total: null };
}
