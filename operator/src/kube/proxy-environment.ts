import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` ask for on the way to a server, read as kubectl reads them;
 * undefined for none. What runs on this machine is never reached over a proxy.
 */
export function proxyFor(server: string, environment: Environment): string | undefined {
  const url = new URL(server);
  const value = read(environment, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (value === undefined || isExempt(url, read(environment, 'NO_PROXY') ?? '')) return undefined;
  return /^[a-z0-9]+:\/\//i.test(value) ? value : `http://${value}`;
}

function read(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toLowerCase()] || undefined;
}

function isExempt({ hostname, port, protocol }: URL, exceptions: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '::1') return true;
  const at = { host, port: port || (protocol === 'https:' ? '443' : '80') };
  return exceptions.split(',').some((one) => excepts(one.trim().toLowerCase(), at));
}

function excepts(exception: string, { host, port }: { readonly host: string; readonly port: string }): boolean {
  if (exception === '') return false;
  if (exception === '*') return true;
  if (exception.includes('/')) return isIP(host) !== 0 && isInside(host, exception);
  const [, name = '', only = port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(exception) ?? [];
  if (isIP(exception) !== 0) return exception === host;
  if (only !== port) return false;
  if (isIP(name) !== 0) return name === host;
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (domain === name && host === domain);
}

function isInside(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const version = isIP(address);
  if (version === 0 || version !== isIP(host) || !/^\d+$/.test(bits)) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(address, Math.min(Number(bits), version === 6 ? 128 : 32), family);
  return list.check(host, family);
}
