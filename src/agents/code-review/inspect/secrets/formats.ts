/** A secret format that its issuer documents, or that its prefix identifies. */
export interface Format {
  readonly kind: string;
  /** A text that every such secret contains; without it a text is not searched. */
  readonly hint: string;
  /** The secret itself. Starts with fixed text and has bounded repetitions, so matching is linear. */
  readonly form: string;
  readonly ignoreCase?: boolean;
  /** The minimum entropy of a real value in bits for each character; default `LEAST_ENTROPY`. */
  readonly entropy?: number;
  /** The checksum in the last characters, if there is one; a valid checksum proves the value real. */
  readonly checksum?: "github";
}

type Row = readonly [kind: string, hint: string, form: string, more?: Partial<Format>];

const WORD = String.raw`[A-Za-z0-9]`;
const URL_SAFE = String.raw`[\w-]`;
const HEX = "[a-f0-9]";
const ANY_CASE: Partial<Format> = { ignoreCase: true };
const GITHUB: Partial<Format> = { checksum: "github" };

const HOSTING: readonly Row[] = [
  ["GitHub token", "ghp_", `ghp_${WORD}{36}`, GITHUB],
  ["GitHub OAuth token", "gho_", `gho_${WORD}{36}`, GITHUB],
  ["GitHub App user token", "ghu_", `ghu_${WORD}{36}`, GITHUB],
  ["GitHub App installation token", "ghs_", `ghs_${WORD}{36}`, GITHUB],
  ["GitHub refresh token", "ghr_", `ghr_${WORD}{36,76}`, GITHUB],
  ["GitHub fine-grained token", "github_pat_", String.raw`github_pat_\w{82}`],
  ["GitLab access token", "glpat-", String.raw`glpat-(?:${URL_SAFE}{27,300}\.[0-9a-z]{9}|${URL_SAFE}{20})`],
  ["GitLab pipeline trigger token", "glptt-", `glptt-${HEX}{40}`],
  ["GitLab runner token", "glrt-", String.raw`glrt-(?:t\d_${URL_SAFE}{27,300}\.[0-9a-z]{9}|${URL_SAFE}{20})`],
  ["GitLab runner registration token", "GR1348941", `GR1348941${URL_SAFE}{20}`],
  ["GitLab job token", "glcbt-", `glcbt-${WORD}{1,5}_${URL_SAFE}{20}`],
  ["GitLab deploy token", "gldt-", `gldt-${URL_SAFE}{20}`],
  ["GitLab feature flag token", "glffct-", `glffct-${URL_SAFE}{20}`],
  ["GitLab feed token", "glft-", `glft-${URL_SAFE}{20}`],
  ["GitLab incoming mail token", "glimt-", `glimt-${URL_SAFE}{25}`],
  ["GitLab agent token", "glagent-", `glagent-${URL_SAFE}{50}`],
  ["GitLab application secret", "gloas-", `gloas-${URL_SAFE}{64}`],
  ["GitLab SCIM token", "glsoat-", `glsoat-${URL_SAFE}{20}`],
  ["GitLab session", "_gitlab_session=", "_gitlab_session=[0-9a-z]{32}"],
  ["Bitbucket app password", "ATBB", `ATBB${WORD}{32}`],
  ["Atlassian API token", "ATATT3", String.raw`ATATT3[\w=-]{180,200}`],
  ["npm token", "npm_", `npm_${WORD}{36}`],
  ["PyPI token", "pypi-AgEIcHlwaS5vcmc", `pypi-AgEIcHlwaS5vcmc${URL_SAFE}{50,1000}`],
  ["RubyGems key", "rubygems_", `rubygems_${HEX}{48}`],
  ["Clojars token", "clojars_", `CLOJARS_${WORD}{60}`, ANY_CASE],
  ["crates.io token", "cio", `cio${WORD}{32}`],
  ["Docker Hub token", "dckr_", `dckr_(?:pat|oat)_${URL_SAFE}{27,40}`],
  ["Artifactory key", "AKCp", `AKCp${WORD}{69}`],
  ["Artifactory reference token", "cmVmd", `cmVmd${WORD}{59}`],
  ["NuGet key", "oy2", "oy2[a-z0-9]{43}"],
];

const CLOUD: readonly Row[] = [
  ["AWS access key id", "A", "(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z2-7]{16}"],
  ["Amazon Bedrock key", "ABSK", "ABSK[A-Za-z0-9+/]{109,269}={0,2}"],
  ["Amazon Bedrock key", "bedrock-api-key-", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]{0,2000}"],
  ["Google API key", "AIza", `AIza${URL_SAFE}{35}`],
  ["Google OAuth client secret", "GOCSPX-", `GOCSPX-${URL_SAFE}{28}`],
  ["Azure client secret", "Q~", String.raw`(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])`],
  ["Azure storage key", "AccountKey=", "AccountKey=[A-Za-z0-9+/]{86}=="],
  ["Alibaba access key id", "LTAI", `LTAI${WORD}{20}`],
  ["Tencent secret id", "AKID", `AKID${WORD}{32}`],
  ["DigitalOcean token", "do", `do[opr]_v1_${HEX}{64}`, ANY_CASE],
  ["Cloudflare origin CA key", "v1.0-", String.raw`v1\.0-${HEX}{24}-${HEX}{146}`],
  ["Heroku token", "HRKU-AA", `HRKU-AA${URL_SAFE}{58}`],
  ["Fly.io token", "fo1_", `fo1_${URL_SAFE}{43}`],
  ["Fly.io token", "fm", "fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,4000}={0,3}"],
  ["Scalingo token", "tk-us-", `tk-us-${URL_SAFE}{48}`],
  ["Netlify token", "nfp_", `nfp_${WORD}{36}`],
  ["Vercel Blob token", "vercel_blob_rw_", `vercel_blob_rw_${WORD}{16}_${WORD}{30}`],
  ["Supabase token", "sbp_", `sbp_${HEX}{40}`],
  ["Supabase secret key", "sb_secret_", `sb_secret_${URL_SAFE}{31}`],
  ["PlanetScale secret", "pscale_", String.raw`pscale_(?:tkn|oauth|pw)_[\w=.-]{32,64}`, ANY_CASE],
  ["ClickHouse Cloud key", "4b1d", `4b1d${WORD}{38}`],
  ["Databricks token", "dapi", String.raw`dapi${HEX}{32}(?:-\d)?`],
  ["Terraform Cloud token", ".atlasv1.", String.raw`${WORD}{14}\.atlasv1\.[\w=-]{60,70}`],
  ["Vault batch token", "hvb.", String.raw`hvb\.${URL_SAFE}{138,300}`],
  ["Vault service token", "hvs.", String.raw`hvs\.${URL_SAFE}{90,120}`],
  [
    "Vault service token",
    "s.",
    String.raw`s\.(?=[A-Za-z0-9]{0,23}\d)(?=[A-Za-z0-9]{0,23}[a-z])(?=[A-Za-z0-9]{0,23}[A-Z])${WORD}{24}`,
    { entropy: 3.3 },
  ],
  ["Pulumi token", "pul-", `pul-${HEX}{40}`],
  ["Doppler token", "dp.", String.raw`dp\.(?:pt|ct|st|sa|scim|audit)\.(?:[\w-]{2,35}\.)?${WORD}{40,44}`],
  ["1Password secret key", "A3-", "A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}"],
  ["1Password service account token", "ops_eyJ", "ops_eyJ[A-Za-z0-9+/]{250,2000}={0,3}"],
  ["age secret key", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"],
  ["OpenShift token", "sha256~", `sha256~${URL_SAFE}{43}`],
  ["Tailscale key", "tskey-", `tskey-(?:auth|api|client|scim|webhook)-${WORD}{10,40}-${WORD}{20,60}`],
  ["Infracost key", "ico-", `(?<![.-])ico-${WORD}{32}`],
  ["Harness key", "at.", String.raw`[ps]at\.${URL_SAFE}{22}\.${WORD}{24}\.${WORD}{20}`],
  ["Octopus Deploy key", "API-", "API-[A-Z0-9]{26}"],
  ["Prefect token", "pn", `pn[ub]_${WORD}{36}`],
  ["Buildkite token", "bkua_", `bkua_${HEX}{40}`],
  ["CircleCI token", "CCIPAT_", `CCIPAT_${WORD}{22}_${HEX}{40}`],
  ["Sourcegraph token", "sgp_", `sgp_(?:(?:${HEX}{16}|local)_)?${HEX}{40}`, ANY_CASE],
];

const SERVICES: readonly Row[] = [
  ["Stripe key", "k_", `[sr]k_(?:live|test|prod)_${WORD}{10,250}`],
  ["Stripe webhook secret", "whsec_", `whsec_[A-Za-z0-9+/]{32,64}`],
  ["Square token", "EAAA", `EAAA${URL_SAFE}{22,60}`, { entropy: 3 }],
  ["Square token", "sq0", `sq0(?:atp-${URL_SAFE}{22}|csp-${URL_SAFE}{43})`],
  ["PayPal token", "access_token$", String.raw`access_token\$production\$[0-9a-z]{16}\$${HEX}{32}`],
  ["Flutterwave key", "flw", String.raw`FLW(?:SECK|PUBK)(?:_TEST)?-(?:[a-h0-9]{32}-X|[a-h0-9]{12})`, ANY_CASE],
  ["Shopify secret", "shp", `shp(?:at|ca|pa|ss)_${HEX}{32}`, ANY_CASE],
  ["Shippo token", "shippo_", `shippo_(?:live|test)_${HEX}{40}`, ANY_CASE],
  ["EasyPost key", "EZ", `EZ[AT]K${WORD}{54}`],
  ["Duffel token", "duffel_", String.raw`duffel_(?:test|live)_[\w=-]{43}`],
  ["Freemius secret key", "secret_key", String.raw`(?<=["']secret_key["']\s{0,9}=>\s{0,9}["'])sk_[^\s"']{29}`],
  ["Twilio key", "SK", "SK[0-9a-fA-F]{32}"],
  ["SendGrid key", "SG.", String.raw`SG\.[\w=.-]{66}`],
  ["Brevo key", "xkeysib-", `xkeysib-${HEX}{64}-${WORD}{16}`],
  ["Mailgun key", "key-", `(?<!-)key-${HEX}{32}`],
  ["Mailchimp key", "-us", String.raw`${HEX}{32}-us\d{1,2}`],
  ["Slack token", "xox", String.raw`xox[bpeoasr]-(?:\d-)?(?:\d{6,14}-){1,3}[A-Za-z0-9]{10,64}(?!-)`],
  ["Slack token", "xox", String.raw`xox[ar]-(?:\d-)?[0-9a-zA-Z]{10,48}`],
  ["Slack app token", "xapp-", String.raw`xapp-\d-[A-Z0-9]{5,20}-\d{5,20}-[a-z0-9]{10,100}`, ANY_CASE],
  ["Slack configuration token", "xoxe", String.raw`xoxe(?:\.xox[bp]-\d-[A-Z0-9]{163,166}|-\d-[A-Z0-9]{146})`, ANY_CASE],
  [
    "Slack webhook",
    "hooks.slack.com/",
    String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,80}`,
  ],
  [
    "Teams webhook",
    "/IncomingWebhook/",
    String.raw`[a-z0-9]{1,40}\.webhook\.office\.com/webhookb2/[a-z0-9@-]{70,80}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9-]{36}`,
  ],
  ["Discord webhook", "/api/webhooks/", String.raw`discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w-]{60,72}`],
  ["Discord bot token", ".", String.raw`[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}`, { entropy: 4 }],
  ["Telegram bot token", ":AA", String.raw`\d{8,10}:AA[\w-]{33}`],
  ["Facebook app token", "|", String.raw`\d{15,16}\|[0-9a-zA-Z_-]{27,40}`],
  ["Facebook app token", "%", "\\d{15,16}%[0-9a-zA-Z_-]{27,40}"],
  ["Facebook page token", "EAA", `EAA[MC]${WORD}{100,300}`],
  ["Figma token", "figd_", `figd_${URL_SAFE}{40}`],
  ["Frame.io token", "fio-u-", String.raw`fio-u-[\w=-]{64}`],
  ["Airtable token", "pat", String.raw`pat${WORD}{14}\.${HEX}{64}`],
  ["Notion token", "ntn_", `ntn_[0-9]{11}${WORD}{35}`],
  ["Linear key", "lin_api_", `lin_api_${WORD}{40}`],
  ["Postman key", "PMAK-", `PMAK-${HEX}{24}-${HEX}{34}`, ANY_CASE],
  ["ReadMe key", "rdme_", "rdme_[a-z0-9]{70}"],
  ["Typeform token", "tfp_", String.raw`tfp_[\w.=-]{59}`],
  ["Contentful token", "CFPAT-", `CFPAT-${URL_SAFE}{43}`],
  ["MaxMind key", "_mmk", `${WORD}{6}_${WORD}{29}_mmk`],
  ["Intra42 secret", "s-s4t2", `s-s4t2(?:ud|af)-${HEX}{64}`, ANY_CASE],
  ["SettleMint token", "sm_", `sm_[aps]at_${WORD}{16}`],
  [
    "Authress access key",
    ".acc",
    String.raw`(?:sc|ext|scauth|authress)_${WORD}{5,30}\.${WORD}{4,6}\.acc[_-][a-zA-Z0-9-]{10,32}\.[a-zA-Z0-9+/_=-]{30,120}`,
  ],
  ["Adobe client secret", "p8e-", `p8e-${WORD}{32}`],
  ["Mapbox secret token", "sk.eyJ", String.raw`sk\.eyJ[\w-]{60,120}\.[\w-]{22}`],
  ["LaunchDarkly key", "api-", `(?:api|sdk)-${HEX}{8}-${HEX}{4}-4${HEX}{3}-[89ab]${HEX}{3}-${HEX}{12}`],
];

const OBSERVED: readonly Row[] = [
  ["Grafana key", "eyjrijoi", "eyJrIjoi[A-Za-z0-9]{70,400}={0,3}", ANY_CASE],
  ["Grafana Cloud token", "glc_", "glc_[A-Za-z0-9+/]{32,400}={0,3}"],
  ["Grafana service account token", "glsa_", `glsa_${WORD}{32}_${HEX}{8}`, ANY_CASE],
  ["Sentry organisation token", "sntrys_", "sntrys_eyJpYXQiO[A-Za-z0-9+/=]{40,500}_[A-Za-z0-9+/]{43}"],
  ["Sentry user token", "sntryu_", `sntryu_${HEX}{64}`],
  ["Dynatrace token", "dt0c01.", String.raw`dt0c01\.${WORD}{24}\.${WORD}{64}`],
  ["New Relic key", "NRAK-", `NRAK-[A-Z0-9]{27}`],
  ["New Relic insights key", "NRI", `NRI[IQ]-[\\w-]{32}`],
  ["SonarQube token", "sq", `sq[pau]_${HEX}{40}`],
  ["Anthropic key", "sk-ant-", `sk-ant-(?:api03|admin01)-${URL_SAFE}{93}AA`],
  ["OpenAI key", "T3BlbkFJ", `sk-(?:(?:proj|svcacct|admin)-${URL_SAFE}{20,80}|${WORD}{20})T3BlbkFJ${URL_SAFE}{20,80}`],
  ["Hugging Face token", "hf_", "hf_[A-Za-z]{34}"],
  ["Hugging Face organisation token", "api_org_", "api_org_[A-Za-z]{34}"],
  ["Perplexity key", "pplx-", `pplx-${WORD}{48}`],
  ["Groq key", "gsk_", `gsk_${WORD}{52}`],
  ["xAI key", "xai-", `xai-${WORD}{80}`],
  ["Replicate token", "r8_", `r8_${URL_SAFE}{37}`],
];

/** Formats that count only beside a name: `aws_secret_access_key = …`. Group `secret` is the value. */
const NAMED: readonly Row[] = [
  [
    "AWS secret access key",
    "aws",
    String.raw`aws.{0,20}?(?:secret|key).{0,20}?[=:>,]\s{0,5}["'\x60]?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`,
    ANY_CASE,
  ],
  [
    "Heroku key",
    "heroku",
    String.raw`heroku.{0,30}?[=:>,]\s{0,5}["'\x60]?(?<secret>${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12})\b`,
    ANY_CASE,
  ],
  [
    "Twilio auth token",
    "twilio",
    String.raw`twilio.{0,20}?(?:token|secret).{0,20}?[=:>,]\s{0,5}["'\x60]?(?<secret>${HEX}{32})\b`,
    ANY_CASE,
  ],
  [
    "password of a NuGet source",
    "password",
    String.raw`<add key="(?:ClearText)?Password"\s{0,9}value="(?<secret>[^"]{8,200})"\s{0,9}/>`,
    { ignoreCase: true, entropy: 1.5 },
  ],
  [
    "password of a Sidekiq licence",
    "contribsys.com",
    String.raw`https?://(?<secret>${HEX}{8}:${HEX}{8})@(?:gems|enterprise)\.contribsys\.com`,
    ANY_CASE,
  ],
];

export const FORMATS: readonly Format[] = [...HOSTING, ...CLOUD, ...SERVICES, ...OBSERVED, ...NAMED].map(
  ([kind, hint, form, more]) => ({ kind, hint, form, ...more }),
);
