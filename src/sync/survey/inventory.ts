import { z } from "zod";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { LIST_ISSUES, LIST_PULL_REQUESTS, type ListedConversation } from "../../github/queries/list-conversations.js";
import { ask } from "../../github/queries/query.js";
import { staleOf, type Stretch, unlisted } from "../../store/sync/stored-versions.js";
import { deletedOrMoved, MOST_LOOKED_UP } from "../missing.js";
import type { InventoryName, Unit } from "../entity.js";
import { present, repositoryOf } from "../gone.js";
import { issuesById, pullRequestsById } from "../read-conversations.js";
import { storableJson } from "../../text/storable.js";

type Bound = Stretch["from"];
const Cursor = z.object({ after: z.string().nullable(), before: z.object({ createdAt: z.string(), id: z.number() }) });

/**
 * A repository's list of ids and versions, in order of creation, so that it does not shift while it is read. Items with
 * an outdated row are read. Rows that are not listed are looked up, because they may have been deleted or moved.
 */
function inventory(name: Exclude<InventoryName, "labels">, table: "pull_requests" | "issues"): Unit {
  const query = table === "issues" ? LIST_ISSUES : LIST_PULL_REQUESTS;
  return {
    name,
    largestPage: LARGEST_PAGE,
    adaptive: true,
    stops: "never",
    async read(reading) {
      const repository = repositoryOf(reading);
      const place = reading.cursor.cursor === null ? null : Cursor.parse(JSON.parse(reading.cursor.cursor));
      const { pageSize } = reading;
      const variables = { repositoryId: repository.nodeId, pageSize, cursor: place?.after ?? null };
      const answer = await ask(reading.client, query, variables);
      const page = present(answer.data.repository, answer, "the repository").conversations;
      const listed = page.nodes.map((node) => ({ ...node, nodeId: node.id, id: node.fullDatabaseId }));
      const last = boundOf(page.nodes.at(-1));
      const { hasNextPage, endCursor } = page.pageInfo;
      const more = hasNextPage && last !== null && endCursor !== null;

      const stale = await staleOf(reading.sql, table, listed);
      const stretch = { before: place?.before ?? null, from: more ? last : null };
      const missing = await unlisted(reading.sql, table, repository.id, stretch, {
        listed: listed.map(({ id }) => id),
        readAt: reading.observedAt,
        limit: MOST_LOOKED_UP,
      });
      // There may be more: the same page is read again, and the missing items after these are looked up.
      const asked = missing.length < MOST_LOOKED_UP ? undefined : missing.at(-1);
      const repositories = new Map([[repository.id, repository]]);
      const nodeIds = stale.map(({ nodeId }) => nodeId);
      const read =
        table === "issues"
          ? { facts: await issuesById(reading, repositories, nodeIds), extras: [] }
          : await pullRequestsById(reading, repositories, nodeIds);
      return {
        ...read,
        absences: await deletedOrMoved(reading, repository, table, missing),
        rows: asked ? 0 : page.nodes.length,
        total: page.totalCount,
        next: asked
          ? write({ after: place?.after ?? null, before: { createdAt: asked.created_at.toISOString(), id: asked.id } })
          : more
            ? write({ after: endCursor, before: last })
            : null,
      };
    },
  };
}

export const pullRequestIds = inventory("pull_request_ids", "pull_requests");
export const issueIds = inventory("issue_ids", "issues");

const write = (place: z.infer<typeof Cursor>): string => storableJson(place);

function boundOf(node: ListedConversation | undefined): Bound {
  return node ? { createdAt: node.createdAt, id: node.fullDatabaseId } : null;
}
