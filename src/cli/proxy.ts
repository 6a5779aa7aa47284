import type { Config } from "../config.js";

/** No proxy can reach these for us. */
const OURSELVES = "localhost,127.0.0.1,[::1]";

/**
 * Every request of this process goes through the proxy that the environment names, but those to hosts of NO_PROXY. Node
 * 20's own `fetch` knows no proxy: undici's, the same one with that knowledge, takes its place.
 */
export async function useProxy({ httpsProxy, httpProxy, noProxy }: Config["proxy"]): Promise<void> {
  if (httpsProxy === undefined && httpProxy === undefined) return;
  // A hundred modules, which only those wait for who have a proxy.
  const { EnvHttpProxyAgent, install, setGlobalDispatcher } = await import("undici");
  const addresses = { ...(httpsProxy && { httpsProxy }), ...(httpProxy && { httpProxy }) };
  setGlobalDispatcher(
    new EnvHttpProxyAgent({ ...addresses, noProxy: noProxy ? `${noProxy},${OURSELVES}` : OURSELVES }),
  );
  install();
}
