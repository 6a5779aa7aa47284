import type { Config } from "../config.js";

/** Addresses that no proxy can reach. */
const OURSELVES = "localhost,127.0.0.1,[::1]";

/**
 * Sends every request of this process through the proxy in the environment, except to hosts in NO_PROXY. Node 20's own
 * `fetch` does not support proxies, so undici's replaces it.
 */
export async function useProxy({ httpsProxy, httpProxy, noProxy }: Config["proxy"]): Promise<void> {
  if (httpsProxy === undefined && httpProxy === undefined) return;
  // Loaded only with a proxy, because it is a hundred modules.
  const { EnvHttpProxyAgent, install, setGlobalDispatcher } = await import("undici");
  const addresses = { ...(httpsProxy && { httpsProxy }), ...(httpProxy && { httpProxy }) };
  setGlobalDispatcher(
    new EnvHttpProxyAgent({ ...addresses, noProxy: noProxy ? `${noProxy},${OURSELVES}` : OURSELVES }),
  );
  install();
}
