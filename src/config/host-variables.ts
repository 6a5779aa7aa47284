import { define } from "./define.js";
import { baseAddress } from "./github-addresses.js";
import { hostName, text, url } from "./values.js";

const HOSTS = "GitHub's addresses";

/** The addresses of GitHub, and the proxy to it. */
export const HOST_VARIABLES = {
  gheHost: define(
    HOSTS,
    "GHE_HOST",
    hostName,
    "The host name of a GitHub Enterprise Server. It sets the default of the three addresses below.",
    { remedy: "Give the host name alone, such as github.example.com." },
  ),
  apiUrl: define(
    HOSTS,
    "GITHUB_API_URL",
    baseAddress,
    "The address of GitHub's REST API. Unset: derived from the other addresses.",
    {
      remedy: "Give an address such as https://github.example.com/api/v3.",
      fallback: "https://api.github.com",
    },
  ),
  graphqlUrl: define(
    HOSTS,
    "GITHUB_GRAPHQL_URL",
    baseAddress,
    "The address of GitHub's GraphQL API, on the same server as the REST API. Unset: derived from GITHUB_API_URL.",
    {
      remedy: "Give an address such as https://github.example.com/api/graphql, or unset it.",
      fallback: "https://api.github.com/graphql",
    },
  ),
  serverUrl: define(
    HOSTS,
    "GITHUB_SERVER_URL",
    baseAddress,
    "GitHub's web address. Unset: derived from GITHUB_API_URL.",
    {
      remedy: "Give an address such as https://github.example.com, or unset it.",
      fallback: "https://github.com",
    },
  ),
  httpsProxy: define(HOSTS, "HTTPS_PROXY", url(/^https?$/), "The proxy for requests to https addresses.", {
    remedy: "Give an address such as http://proxy.example.com:3128.",
    secret: true,
  }),
  httpProxy: define(HOSTS, "HTTP_PROXY", url(/^https?$/), "The proxy for requests to plain http addresses.", {
    remedy: "Give an address such as http://proxy.example.com:3128.",
    secret: true,
  }),
  noProxy: define(HOSTS, "NO_PROXY", text, "Hosts that are reached without the proxy, comma-separated.", {
    remedy: "Give host names, comma-separated. A leading dot includes all subdomains: .example.com.",
    example: "localhost,127.0.0.1,.internal",
  }),
} as const;
