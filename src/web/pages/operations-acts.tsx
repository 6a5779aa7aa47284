import type { Operations } from "../../reports/operations.js";
import type { Viewer } from "../viewer.js";
import { Section } from "./operations-tables.js";
import { Ago, foreign } from "./parts/basics.js";
import type { Column } from "./parts/table.js";

/** The newest audit log entries, for the admins of their installations. */
export function Acts({ acts, viewer, now }: { acts: Operations["acts"]; viewer: Viewer; now: Date }) {
  const accounts = new Map(viewer.installations.map(({ id, account }) => [id, account]));
  const accountOf = (id: bigint | null): string => (id === null ? "" : (accounts.get(id) ?? String(id)));
  const columns: readonly Column<Operations["acts"][number]>[] = [
    { label: "Person", show: ({ by_login: login }) => foreign(login, 80), csv: ({ by_login: login }) => login },
    { label: "By", show: ({ via }) => via.replaceAll("-", " "), csv: ({ via }) => via },
    { label: "Act", show: ({ action }) => <code>{action}</code>, csv: ({ action }) => action },
    {
      label: "Organisation",
      show: ({ installation_id: id }) => accountOf(id),
      csv: ({ installation_id: id }) => accountOf(id),
    },
    {
      label: "Target",
      class: "wide",
      show: ({ target, detail }) => (
        <>
          <span class="mono">{foreign(target, 120)}</span>
          <div class="small muted">{foreign(wordsOf(detail), 200)}</div>
        </>
      ),
      csv: ({ target }) => target,
    },
    {
      label: "When",
      class: "nowrap",
      show: ({ created_at: at }) => <Ago at={at} now={now} />,
      csv: ({ created_at: at }) => at.toISOString(),
    },
  ];
  return (
    <Section
      id="acts"
      title="Audit log"
      rows={acts}
      columns={columns}
      empty={["person", "Nothing recorded yet", "Each sync, replay and retry that a person asks for appears here."]}
    />
  );
}

function wordsOf(detail: Operations["acts"][number]["detail"]): string {
  if (detail === null || typeof detail !== "object" || Array.isArray(detail)) return "";
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(", ");
}
