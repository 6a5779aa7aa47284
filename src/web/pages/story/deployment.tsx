import { GoneError } from "../../../errors.js";
import { readDeploymentStory } from "../../../reports/subject-story.js";
import { live } from "../layout.js";
import type { Answer, PageContext } from "../page.js";
import { Box, capital, exact, foreign, Sha } from "../parts/basics.js";
import { lookOf, StateLabel } from "../parts/states.js";
import { ArrivedAt, eventName, Moment } from "./delivery-parts.js";

/** The story of a deployment: its statuses in order, with their deliveries. */
export async function deploymentStory(context: PageContext, fullName: string, id: bigint): Promise<Answer> {
  const story = await context.read((reading) => readDeploymentStory(reading, id));
  if (story === null || story.repository?.full_name.toLowerCase() !== fullName.toLowerCase())
    throw new GoneError(`No deployment ${id} of ${fullName} is stored, or you may not see it.`);
  const { deployment, statuses, deliveries, repository } = story;
  const { now } = context;
  const state = statuses.at(-1)?.state ?? "pending";
  return {
    title: `Deployment ${id} to ${foreign(deployment.environment, 60)}`,
    body: (
      <>
        <div class="title">
          <div>
            <h1>
              {repository.full_name} to {foreign(deployment.environment, 80)}
            </h1>
            <p class="muted">
              Deployment <span class="mono">{String(id)}</span> of <Sha sha={deployment.sha} /> (
              {foreign(deployment.ref, 80)})
            </p>
          </div>
          <StateLabel of="deployment" state={state} />
        </div>
        <div class="split">
          <div {...live(context, "story", ["deployments", "deliveries"])}>
            <ol class="time">
              <Moment
                icon="rocket"
                tone="note"
                head={
                  <>
                    <strong>Created</strong> by {foreign(deployment.creator_login ?? "ghost", 60)}
                    <ArrivedAt at={deployment.created_at} now={now} />
                  </>
                }
              >
                <p>{foreign(deployment.description ?? "No description.", 400)}</p>
              </Moment>
              {statuses.map((status) => {
                const look = lookOf("deployment", status.state);
                return (
                  <Moment
                    icon={look.icon}
                    tone={look.tone}
                    head={
                      <>
                        <strong>{capital(look.word)}</strong> by {foreign(status.creator_login ?? "ghost", 60)}
                        <ArrivedAt at={status.created_at} now={now} />
                      </>
                    }
                  >
                    {status.description === null ? null : <p>{foreign(status.description, 400)}</p>}
                  </Moment>
                );
              })}
            </ol>
          </div>
          <aside class="stack">
            <Box title="Deliveries">
              <ul>
                {deliveries.map((delivery) => (
                  <li>
                    <a href={`/story/${delivery.guid}`}>{eventName(delivery)}</a>{" "}
                    <StateLabel of="delivery" state={delivery.status} />
                    <div class="small muted">{exact(delivery.received_at)}</div>
                  </li>
                ))}
              </ul>
            </Box>
          </aside>
        </div>
      </>
    ),
  };
}
