import { BlockList, isIP } from 'node:net';

/**
 * Whether NO_PROXY names the host of a URL, as skopeo and curl read it: names with everything below them, with or
 * without a dot before them, `*`, addresses, networks such as `10.0.0.0/8`, each with a port or without.
 */
export function isDirect(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[(.+)\]$/, '$1').replace(/(.)\.$/, '$1');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return noProxy
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => isNamed(host, port, entry.toLowerCase()));
}

function isNamed(host: string, port: string, entry: string): boolean {
  if (entry === '*') return true;
  const [, bracketed, plain, wanted] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  const name = bracketed ?? plain ?? entry;
  if (isIP(host) !== 0) return isAddressIn(host, name);
  const below = name.replace(/^\*?\./, '');
  return host.endsWith(`.${below}`) || (!name.startsWith('*') && host === below);
}

function isAddressIn(address: string, entry: string): boolean {
  const [network = '', prefix] = entry.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(address)) return false;
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (!Number.isInteger(length) || length < 0 || length > bits) return false;
  const list = new BlockList();
  list.addSubnet(network, length, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
