/** The networks of pods and services: apart from each other and from every network that a node is in. */
import { hostOf } from '../host-of.ts';
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';
import { addressOf, contains, doOverlap, networkOf, prefixOf } from '../network.ts';
import type { Profile } from '../schema.ts';
import { type Subnet, subnetsOf } from './addresses.ts';

const k3s: Path = ['cluster', 'k3s'];

interface Net {
  readonly noun: 'pod network' | 'service network';
  readonly cidr: string;
  readonly path: Path;
  /** A network that is rarely in use, to offer. */
  readonly spare: string;
}

function netsOf({ cluster }: Profile): readonly [Net, Net] {
  return [
    {
      noun: 'pod network',
      cidr: cluster.k3s.clusterCidr,
      path: [...k3s, 'clusterCidr'],
      spare: 'clusterCidr: 172.30.0.0/16',
    },
    {
      noun: 'service network',
      cidr: cluster.k3s.serviceCidr,
      path: [...k3s, 'serviceCidr'],
      spare: 'serviceCidr: 172.31.0.0/16',
    },
  ];
}

export function clusterNetworksAreApart(look: Look): void {
  const [pods, services] = netsOf(look.profile);
  for (const net of [pods, services]) {
    aligned(look, net);
    for (const subnet of subnetsOf(look.profile)) apartFromNode(look, net, subnet);
    apartFromServers(look, net);
  }
  roomy(look, pods);
  if (!doOverlap(pods.cidr, services.cidr)) return;
  const [first, second] = look.isWritten(services.path) ? [pods, services] : [services, pods];
  look.say(second.path, {
    message: `the ${second.noun} ${second.cidr} overlaps the ${first.noun} ${first.cidr} (${look.line(first.path)})`,
    right: 'choose networks that have no address in common',
    others: [first.path],
  });
}

function aligned(look: Look, { noun, cidr, path }: Net): void {
  if (networkOf(cidr) === cidr) return;
  look.say(path, {
    message: `${cidr} is an address inside a network, not the ${noun} itself`,
    right: `write ${networkOf(cidr)}`,
  });
}

/** Each node takes a /24 of the pod network. */
function roomy(look: Look, { cidr, path }: Net): void {
  const room = 2 ** Math.max(0, 24 - prefixOf(cidr));
  const nodes = look.profile.nodes.length;
  if (prefixOf(cidr) <= 24 && nodes <= room) return;
  look.say(path, {
    message: `the pod network ${cidr} is too small for ${nodes === 1 ? 'a node' : `${nodes} nodes`}: each node takes a /24 of it`,
    right: 'write a larger network such as 10.42.0.0/16',
  });
}

function apartFromNode(look: Look, net: Net, subnet: Subnet): void {
  if (!doOverlap(net.cidr, subnet.cidr)) return;
  const inside = contains(net.cidr, addressOf(subnet.cidr));
  const [theirs, ours] = [networkOf(subnet.cidr), networkOf(net.cidr)];
  const isNetWritten = look.isWritten(net.path);
  const message = isNetWritten
    ? `the ${net.noun} ${ours} overlaps the network ${theirs} of ${subnet.interface} (${look.line(subnet.path)})`
    : `${inside ? `the address ${addressOf(subnet.cidr)}` : `the network ${theirs}`} of ${subnet.interface} is inside the ${net.noun} ${ours} (${look.line(net.path)})`;
  const right = isNetWritten
    ? 'choose a network that no machine on the LAN uses'
    : `choose another ${net.noun}: cluster: {k3s: {${net.spare}}}`;
  look.say(isNetWritten ? net.path : subnet.path, { message, right, others: [net.path, subnet.path] });
}

/** A name or time server inside a cluster network would be looked for in the cluster. */
function apartFromServers(look: Look, net: Net): void {
  for (const [index, server] of look.profile.host.dns.servers.entries()) {
    if (!contains(net.cidr, server)) continue;
    const path: Path = ['host', 'dns', 'servers', index];
    look.say(path, {
      message: `the name server ${server} is inside the ${net.noun} ${net.cidr} (${look.line(net.path)})`,
      right: 'choose another network for the cluster, or the address of the name server in the LAN',
      others: [net.path],
    });
  }
}

/** With a proxy, whatever is not listed in noProxy is asked for outside: the cluster must be listed whole. */
export function proxySparesCluster(look: Look): void {
  const { profile } = look;
  for (const [path, node] of proxies(profile)) {
    const host = node === undefined ? profile.host : hostOf(profile, node);
    const listed = host.proxy?.noProxy ?? [];
    const needed = [
      ...netsOf(profile).map(({ cidr }) => networkOf(cidr)),
      ...subnetsOf(profile).map(({ cidr }) => networkOf(cidr)),
    ];
    const missing = [...new Set(needed)].filter((network) => !listed.some((entry) => covers(entry, network)));
    if (missing.length === 0) continue;
    look.say([...path, 'noProxy'], {
      message: `the proxy would be asked for what is inside the site: noProxy lacks ${missing.join(', ')}`,
      right: `noProxy: [${[...new Set([...listed, ...missing, '.svc', '.cluster.local'])].join(', ')}]`,
      others: netsOf(profile).map((net) => net.path),
    });
  }
}

function proxies(profile: Profile): readonly (readonly [Path, Profile['nodes'][number] | undefined])[] {
  const own = profile.nodes.flatMap((node, index) =>
    node.host?.proxy ? [[['nodes', index, 'host', 'proxy'], node] as const] : [],
  );
  return profile.host.proxy === null ? own : [[['host', 'proxy'], undefined] as const, ...own];
}

function covers(entry: string, network: string): boolean {
  if (!/^([0-9]{1,3}\.){3}[0-9]{1,3}\/[0-9]{1,2}$/.test(entry)) return entry === '*';
  try {
    return prefixOf(entry) <= prefixOf(network) && contains(entry, addressOf(network));
  } catch {
    return false;
  }
}
