import * as oauth from "oauth4webapi";
import { z } from "zod";
import { AuthenticationError, NetworkError } from "../../errors.js";
import type { UserTokens } from "../../store/people/user-tokens.js";

export interface ProviderOptions {
  /** GITHUB_SERVER_URL: the site where people sign in. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly now: () => Date;
  readonly fetch?: typeof fetch;
}

/** GitHub's OAuth for a GitHub App: the web flow with PKCE, refreshing, revoking. */
export interface Provider {
  /** The address to which the browser is sent. */
  authorizeUrl(request: {
    readonly state: string;
    readonly verifier: string;
    readonly redirectUri: string;
  }): Promise<URL>;
  /**
   * Exchanges the callback's code for tokens.
   * @throws SignInRefused with GitHub's own error code; NetworkError when GitHub is unavailable.
   */
  exchange(callback: {
    readonly url: URL;
    readonly state: string;
    readonly verifier: string;
    readonly redirectUri: string;
  }): Promise<UserTokens>;
  /**
   * New tokens for a refresh token, which works once.
   * @throws SignInRefused, NetworkError as above.
   */
  refresh(refreshToken: string): Promise<UserTokens>;
  /** Revokes the person's authorization of the App. Does nothing if GitHub no longer knows the token. */
  revoke(accessToken: string): Promise<void>;
}

/** GitHub refused a code or a token; `code` is GitHub's error code, such as `bad_verification_code`. */
export class SignInRefused extends AuthenticationError {
  constructor(
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`GitHub refused the sign-in (${code})`, options);
  }
}

const Refusal = z.object({ error: z.string() });
const Lifetimes = z.object({ refresh_token_expires_in: z.number().optional() });
const TIMEOUT_MS = 10_000;

export function createProvider(options: ProviderOptions): Provider {
  const { serverUrl, clientId, now } = options;
  const send = options.fetch ?? fetch;
  const server: oauth.AuthorizationServer = {
    issuer: `${serverUrl}/login/oauth`,
    authorization_endpoint: `${serverUrl}/login/oauth/authorize`,
    token_endpoint: `${serverUrl}/login/oauth/access_token`,
  };
  const client: oauth.Client = { client_id: clientId };
  const secret = oauth.ClientSecretPost(options.clientSecret);
  const http = () => ({
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    // A GitHub Enterprise Server inside a network, and the simulated GitHub, may use plain http.
    [oauth.allowInsecureRequests]: serverUrl.startsWith("http:"),
    [oauth.customFetch]: send,
  });

  async function tokensOf(
    request: Promise<Response>,
    read: (response: Response) => Promise<oauth.TokenEndpointResponse>,
  ): Promise<UserTokens> {
    const response = await request.catch((error: unknown) => {
      // The callback's parameters are not valid, for example two codes.
      if (error instanceof oauth.OperationProcessingError)
        throw new SignInRefused("invalid_response", { cause: error });
      throw new NetworkError("GitHub did not answer the token request", { cause: error });
    });
    if (response.status >= 500) throw new NetworkError(`GitHub answered ${response.status} to the token request`);
    // GitHub refuses with status 200 and `error`, which OAuth does not allow.
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    const refused = Refusal.safeParse(body);
    if (refused.success) throw new SignInRefused(refused.data.error);
    const granted = await read(response).catch((error: unknown) => {
      if (error instanceof oauth.ResponseBodyError) throw new SignInRefused(error.error, { cause: error });
      throw new NetworkError("GitHub's answer to the token request cannot be read", { cause: error });
    });
    const after = (seconds: number | undefined): Date | null =>
      seconds === undefined ? null : new Date(now().getTime() + seconds * 1000);
    return {
      access: granted.access_token,
      accessExpiresAt: after(granted.expires_in),
      refresh: granted.refresh_token ?? null,
      refreshExpiresAt: after(Lifetimes.safeParse(granted).data?.refresh_token_expires_in),
    };
  }

  return {
    async authorizeUrl({ state, verifier, redirectUri }) {
      const url = new URL(server.authorization_endpoint ?? "");
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      }).toString();
      return url;
    },
    async exchange({ url, state, verifier, redirectUri }) {
      let parameters: URLSearchParams;
      try {
        parameters = oauth.validateAuthResponse(server, client, url, state);
      } catch (error) {
        const code = error instanceof oauth.AuthorizationResponseError ? error.error : "invalid_response";
        throw new SignInRefused(code, { cause: error });
      }
      return tokensOf(
        oauth.authorizationCodeGrantRequest(server, client, secret, parameters, redirectUri, verifier, http()),
        (response) => oauth.processAuthorizationCodeResponse(server, client, response),
      );
    },
    refresh: (refreshToken) =>
      tokensOf(oauth.refreshTokenGrantRequest(server, client, secret, refreshToken, http()), (response) =>
        oauth.processRefreshTokenResponse(server, client, response),
      ),
    async revoke(accessToken) {
      const response = await send(`${options.apiUrl}/applications/${encodeURIComponent(clientId)}/grant`, {
        method: "DELETE",
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${options.clientSecret}`).toString("base64")}`,
          accept: "application/vnd.github+json",
          "content-type": "application/json",
        },
        body: JSON.stringify({ access_token: accessToken }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((error: unknown) => {
        throw new NetworkError("GitHub did not answer the revocation", { cause: error });
      });
      // 404 and 422: the token has expired or was revoked before.
      if (!response.ok && ![404, 422].includes(response.status))
        throw new NetworkError(`GitHub answered ${response.status} to the revocation`);
    },
  };
}
