import type { Operations } from "../../reports/operations.js";
import { Section } from "./operations-tables.js";
import { Ago, foreign } from "./parts/basics.js";
import { StateLabel } from "./parts/states.js";
import type { Column } from "./parts/table.js";
import { EffectName } from "./story/leaves.js";

export function Effects({ effects, now }: { effects: Operations["effects"]; now: Date }) {
  const columns: readonly Column<Operations["effects"][number]>[] = [
    { label: "State", show: ({ status }) => <StateLabel of="effect" state={status} />, csv: ({ status }) => status },
    {
      label: "Effect",
      class: "wide",
      show: (effect) =>
        effect.github_url === null ? (
          <EffectName effect={effect} />
        ) : (
          <a href={effect.github_url}>
            <EffectName effect={effect} />
          </a>
        ),
      csv: ({ kind, target }) => `${kind} ${target}`,
    },
    {
      label: "Reason",
      class: "wide",
      show: ({ reason, error }) => foreign(error ?? reason, 240),
      csv: ({ reason }) => reason,
    },
    {
      label: "Delivery",
      show: ({ delivery_guid: guid }) =>
        guid === null ? (
          ""
        ) : (
          <a class="mono" href={`/story/${guid}`}>
            {guid.slice(0, 8)}
          </a>
        ),
      csv: ({ delivery_guid: guid }) => guid,
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
      id="effects"
      title="Effects at GitHub"
      rows={effects}
      columns={columns}
      empty={["pencil", "No effects yet", "Every check, comment and label of the app appears here."]}
    />
  );
}
