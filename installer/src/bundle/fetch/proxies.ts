import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { Fault } from '#engine/fault';
import { isDirect } from './no-proxy.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds. */
export interface Timing {
  readonly connect: number;
  /** From the request to the first line of the answer. */
  readonly headers: number;
  /** Without a single byte of the body. */
  readonly stall: number;
}

/** How to get to a URL: directly, or by the proxy that the environment names. */
export interface Ways {
  to(url: URL): Dispatcher;
  /** `proxy.example:3128`, where the way leads through one. */
  proxyFor(url: URL): string | undefined;
  close(): Promise<void>;
}

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in small letters first, as curl and skopeo read them. */
export function waysOf(environment: Environment, { connect, headers, stall }: Timing): Ways {
  const connecting = { timeout: connect, allowH2: false };
  const options = { headersTimeout: headers, bodyTimeout: stall, connect: connecting, allowH2: false };
  const direct = new Agent(options);
  const proxied = (uri: string) =>
    new ProxyAgent({ ...options, uri, connectTimeout: connect, requestTls: connecting, proxyTls: connecting });
  const uris = { 'http:': proxyOf(environment, 'http_proxy'), 'https:': proxyOf(environment, 'https_proxy') };
  const agents = Object.fromEntries(Object.entries(uris).map(([key, uri]) => [key, uri && proxied(uri)]));
  const noProxy = environment.no_proxy ?? environment.NO_PROXY ?? '';
  return {
    to: (url) => (isDirect(url, noProxy) ? direct : agents[url.protocol] || direct),
    proxyFor(url) {
      const uri = isDirect(url, noProxy) ? undefined : uris[url.protocol as keyof typeof uris];
      return uri === undefined ? undefined : new URL(uri).host;
    },
    async close() {
      for (const agent of [direct, ...Object.values(agents)]) if (agent) await agent.destroy();
    },
  };
}

function proxyOf(environment: Environment, name: string): string | undefined {
  const upper = name.toUpperCase();
  const value = environment[name] ?? environment[upper];
  if (value === undefined || value === '') return undefined;
  const url = value.includes('://') ? value : `http://${value}`;
  if (isUsable(url)) return url;
  throw new Fault({
    code: 'USAGE',
    message: `${environment[name] === undefined ? upper : name} is set and is no URL of a proxy`,
    cause: 'special characters of a password are written as % and two digits there: %40 for @, %25 for %',
    remedy: [`export ${upper}=http://USER:PASSWORD@proxy.example:3128`],
  });
}

function isUsable(url: string): boolean {
  try {
    const { protocol, hostname, username, password } = new URL(url);
    decodeURIComponent(`${username}${password}`);
    return /^https?:$/.test(protocol) && hostname !== '';
  } catch {
    return false;
  }
}
