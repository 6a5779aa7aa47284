import { DISCONNECT_PATH, SIGN_OUT_EVERYWHERE_PATH, SIGN_OUT_PATH } from "../identity/routes.js";
import { CSRF_FIELD } from "../viewer.js";
import type { Answer, PageContext } from "./page.js";
import { Box, count, Empty, Icon } from "./parts/basics.js";
import { Rows } from "./parts/table.js";

/** The signed-in person, their access here, and the ways to sign out. */
export async function account({ viewer }: PageContext): Promise<Answer> {
  const token = <input type="hidden" name={CSRF_FIELD} value={viewer.csrf} />;
  return {
    title: "Your account",
    body: (
      <div class="stack">
        <div class="title">
          <div>
            <h1>{viewer.login}</h1>
            <p class="muted">
              {viewer.userId === null ? "Signed in with ADMIN_TOKEN" : "Signed in with GitHub"}
              {viewer.operator ? " · operator of this app" : ""}
            </p>
          </div>
          {viewer.csrf === "" ? null : (
            <div class="row">
              <form method="post" action={SIGN_OUT_PATH}>
                {token}
                <button>
                  <Icon name="sign-out" /> Sign out
                </button>
              </form>
              {viewer.userId === null ? null : (
                <>
                  <form method="post" action={SIGN_OUT_EVERYWHERE_PATH}>
                    {token}
                    <button>Sign out everywhere</button>
                  </form>
                  <form method="post" action={DISCONNECT_PATH}>
                    {token}
                    <button>Disconnect GitHub</button>
                  </form>
                </>
              )}
            </div>
          )}
        </div>
        <Box title="What you see here">
          {viewer.installations.length === 0 ? (
            <Empty icon="repo" title="No installation">
              GitHub shows you no organisation on which this App is installed.
            </Empty>
          ) : (
            <Rows
              caption="Installations"
              rows={viewer.installations}
              columns={[
                { label: "Organisation", show: ({ account: name }) => name, csv: ({ account: name }) => name },
                { label: "Your role", show: ({ role }) => role, csv: ({ role }) => role },
                {
                  label: "Repositories",
                  show: ({ repositories }) =>
                    repositories === "all" ? "all" : count(repositories.size, "repository", "repositories"),
                  csv: ({ repositories }) => (repositories === "all" ? "all" : repositories.size),
                },
                {
                  label: "Installation",
                  show: ({ id }) => <span class="mono">{String(id)}</span>,
                  csv: ({ id }) => String(id),
                },
              ]}
            />
          )}
        </Box>
      </div>
    ),
  };
}
