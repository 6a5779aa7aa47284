import { router } from "../server/route.js";
import { advisoryRoutes } from "./advisories.js";
import { appRoutes } from "./app.js";
import { hookRoutes } from "./hook.js";
import { checkRunRoutes } from "./check-runs.js";
import { commentRoutes } from "./comments.js";
import { contentRoutes } from "./contents.js";
import { commitRoutes } from "./commits.js";
import { deploymentRoutes } from "./deployments.js";
import { gateRoutes } from "./gates.js";
import { issueEventRoutes } from "./issue-events.js";
import { issueRoutes } from "./issues.js";
import { labelRoutes } from "./labels.js";
import { manifestRoutes } from "./manifest.js";
import { oauthRoutes } from "./oauth.js";
import { peopleRoutes } from "./people.js";
import { pullRoutes } from "./pulls.js";
import { reactionRoutes } from "./reactions.js";
import { releaseRoutes } from "./releases.js";
import { repositoryRootRoutes } from "./repositories.js";
import { reviewCommentRoutes } from "./review-comments.js";
import { reviewRoutes } from "./reviews.js";
import { siteRoutes } from "../site/pages.js";
import { rootRoutes } from "./root.js";

/** Every simulated REST route; what is not here is a 501. */
export const restRouter = router([
  ...appRoutes,
  ...hookRoutes,
  ...rootRoutes,
  ...advisoryRoutes,
  ...oauthRoutes,
  ...peopleRoutes,
  ...manifestRoutes,
  ...repositoryRootRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...reviewCommentRoutes,
  // Before issues: `/issues/comments` is no issue's number.
  ...commentRoutes,
  ...issueEventRoutes,
  ...issueRoutes,
  ...reactionRoutes,
  ...labelRoutes,
  ...commitRoutes,
  ...contentRoutes,
  ...checkRunRoutes,
  ...deploymentRoutes,
  ...gateRoutes,
  ...releaseRoutes,
  ...siteRoutes,
]);
