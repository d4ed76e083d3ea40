import type { Json } from '#kube/json';
import type { Machine } from '../../bench.ts';

/** Links of the CNI and of KubeVirt, which NetworkManager is told to leave alone. */
const FOREIGN = /^(flannel|cni|veth|lxc|k6t|tap|kube-ipvs)/;

/** The machine's network interfaces as nmstate reports them, from /sys/class/net and the address list. */
export function interfacesOf(machine: Machine): Json[] {
  const names = machine.list('/sys/class/net').map((entry) => entry.split('/').at(-1) ?? entry);
  const links = names.filter((name) => !FOREIGN.test(name) && name !== 'lo').map((name) => link(machine, name));
  const home = links.find((one) => one.state === 'up') ?? links[0];
  return [
    { name: 'lo', type: 'loopback', state: 'up', mtu: 65536, ...addresses(['127.0.0.1/8']) },
    ...links.map((one) => (one === home ? { ...one, ...addresses(machine.addresses) } : one)),
  ];
}

function link(machine: Machine, name: string): Json {
  const fact = (file: string) => machine.read(`/sys/class/net/${name}/${file}`)?.trim();
  const bridge = fact('bridge/bridge_id') !== undefined;
  return {
    name,
    type: bridge ? 'linux-bridge' : 'ethernet',
    state: fact('operstate') === 'down' ? 'down' : 'up',
    'mac-address': (fact('address') ?? '').toUpperCase(),
    mtu: Number(fact('mtu') ?? 1500),
  };
}

function addresses(all: readonly string[]): Json {
  const address = all
    .filter((one) => one.includes('.'))
    .map((one) => ({ ip: one.split('/')[0], 'prefix-length': Number(one.split('/')[1] ?? 24) }));
  return { ipv4: { enabled: address.length > 0, dhcp: false, address } };
}

/** The interfaces after a desired state was applied: `absent` takes away, anything else is added or changed. */
export function applied(current: readonly Json[], desired: readonly Json[]): Json[] {
  const gone = new Set(desired.filter((one) => one.state === 'absent').map((one) => one.name));
  const kept = current.filter((one) => !gone.has(one.name));
  const changed = kept.map((one) => ({ ...one, ...desired.find((other) => other.name === one.name) }));
  const added = desired.filter((one) => !gone.has(one.name) && !kept.some((other) => other.name === one.name));
  return [...changed, ...added.map((one) => ({ mtu: 1500, state: 'up', ...one }))];
}

/** Why a desired state cannot be reached, and after how many seconds that is known. */
export function obstacle(
  current: readonly Json[],
  desired: readonly Json[],
): { message: string; seconds: number } | undefined {
  const names = new Set([...current, ...desired.filter((one) => one.state !== 'absent')].map((one) => one.name));
  for (const bridge of desired) {
    for (const port of bridge.bridge?.port ?? []) {
      if (names.has(port.name)) continue;
      return {
        message: `NmstateError: InvalidArgument: Bridge ${bridge.name} has port ${port.name} which does not exist`,
        seconds: 4,
      };
    }
  }
  const lost = strandedAddress(current, desired);
  // The handler probes gateway, DNS and API server for two minutes before it goes back (nmstate, probes.go).
  return lost === undefined
    ? undefined
    : { message: `failed to probe the default gateway after taking ${lost} from the node, rolling back`, seconds: 120 };
}

/** The address of an interface that becomes a port of a bridge without the bridge taking the address over. */
function strandedAddress(current: readonly Json[], desired: readonly Json[]): string | undefined {
  const ports = new Set(desired.flatMap((one) => (one.bridge?.port ?? []).map((port: Json) => port.name)));
  const taken = current.filter((one) => ports.has(one.name)).flatMap((one) => addressList(one));
  const restated = new Set(desired.flatMap((one) => addressList(one)));
  return taken.find((ip) => !restated.has(ip));
}

function addressList(one: Json): string[] {
  return (one.ipv4?.address ?? []).map((address: Json) => address.ip);
}
