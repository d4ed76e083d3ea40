import { addressesOf, defaultRoute, hasCarrier, managedState, netplan } from '../network.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import type { Nic } from '../state.ts';
import { isActive } from '../systemd.ts';
import { type Call, operands, refused, said, type Teaching } from './teaching.ts';

const hasPackage = (name: string) => (machine: SimulatedMachine) => machine.packages.get(name)?.status === 'installed';

export const networkCommands: readonly Teaching[] = [
  { command: ['ip', '-j', '-d', 'address'], answer: ({ machine }) => addresses(machine) },
  { command: ['ip', '-j', 'address'], answer: ({ machine }) => addresses(machine) },
  { command: ['ip', '-j', 'route', 'show', 'default'], answer: ({ machine }) => route(machine) },
  { command: ['ip', 'link', 'delete'], takes: 50, act: deleteLink },
  { command: ['ss', '-Hltnup'], answer: ({ machine }) => sockets(machine) },
  { command: ['nmcli', '-t', '-f', 'DEVICE,STATE', 'device'], there: hasPackage('network-manager'), answer: devices },
  { command: ['netplan', 'generate'], takes: 800, act: generate },
  { command: ['resolvectl', 'status'], answer: resolver },
  { command: ['iptables-save'], answer: ({ machine }) => said(...machine.firewall) },
  { command: ['ip6tables-save'], answer: () => said() },
  { command: ['iptables-restore'], takes: 60, act: restoreRules },
  { command: ['iptables', '--version'], answer: () => said('iptables v1.8.10 (nf_tables)') },
  { command: ['getent', 'hosts'], answer: resolve },
  { command: ['getent', 'ahosts'], answer: resolve },
];

function addresses(machine: SimulatedMachine) {
  const loopback = {
    ifname: 'lo',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
    mtu: 65536,
    link_type: 'loopback',
    address: '00:00:00:00:00:00',
    addr_info: [{ family: 'inet', local: '127.0.0.1', prefixlen: 8, scope: 'host' }],
  };
  return said(JSON.stringify([loopback, ...machine.nics.map((nic) => link(machine, nic))]));
}

function link(machine: SimulatedMachine, nic: Nic) {
  const up = hasCarrier(machine, nic);
  return {
    ifname: nic.name,
    flags: ['BROADCAST', 'MULTICAST', ...(up ? ['UP', 'LOWER_UP'] : ['NO-CARRIER', 'UP'])],
    mtu: nic.mtu,
    operstate: up ? 'UP' : 'DOWN',
    link_type: 'ether',
    address: nic.mac,
    ...(nic.master === undefined ? {} : { master: nic.master }),
    ...(nic.kind === 'physical' && nic.pci !== undefined ? { parentbus: 'pci', parentdev: nic.pci } : {}),
    ...(nic.kind === 'bridge' ? { linkinfo: { info_kind: 'bridge' } } : {}),
    addr_info: addressesOf(machine, nic).map((address) => {
      const [local, prefix] = address.split('/');
      const family = address.includes(':') ? 'inet6' : 'inet';
      return { family, local, prefixlen: Number(prefix), scope: 'global' };
    }),
  };
}

function route(machine: SimulatedMachine) {
  const found = defaultRoute(machine);
  return said(JSON.stringify(found === undefined ? [] : [{ dst: 'default', ...found, protocol: 'static', flags: [] }]));
}

function deleteLink({ machine, words }: Call) {
  const name = words.at(-1) ?? '';
  if (!machine.nics.some((nic) => nic.name === name)) return refused(1, `Cannot find device "${name}"`);
  machine.nics = machine.nics.filter((nic) => nic.name !== name);
  return said();
}

function restoreRules({ machine, input }: Call) {
  machine.firewall = input.split('\n').filter((line) => line !== '');
  return said();
}

function sockets(machine: SimulatedMachine) {
  return said(
    ...machine.listeners.map(({ protocol, address, port, process }, at) => {
      const state = protocol === 'tcp' ? 'LISTEN 0      4096  ' : 'UNCONN 0      0     ';
      const user = process === undefined ? '' : ` users:(("${process}",pid=${800 + at},fd=${3 + at}))`;
      return `${protocol}   ${state} ${address}:${port} ${protocol === 'tcp' ? '0.0.0.0:*' : '*:*'}${user}`;
    }),
  );
}

function devices({ machine }: Call) {
  if (!isActive(machine, 'NetworkManager.service')) return refused(8, 'Error: NetworkManager is not running.');
  const known = machine.nics.map((nic) => `${nic.name.replaceAll(':', '\\:')}:${managedState(machine, nic)}`);
  return said(...known, 'lo:connected (externally)');
}

/** Reads what is configured and complains about it; the network itself changes at the next boot. */
function generate({ machine }: Call) {
  try {
    netplan(machine);
    return said();
  } catch (error) {
    return refused(
      1,
      `/etc/netplan: Error in network definition: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function resolver({ machine }: Call) {
  const servers = /^DNS=(.*)$/m.exec(machine.read('/etc/systemd/resolved.conf.d/90-novasphere.conf') ?? '')?.[1] ?? '';
  return said('Global', '           Protocols: -LLMNR -mDNS -DNSOverTLS', `         DNS Servers: ${servers}`);
}

function resolve({ machine, words }: Call) {
  const name = operands(words)[0] ?? '';
  if (name === 'localhost' || name === machine.name) return said(`127.0.1.1       ${name}`);
  return machine.troubles.dnsDead ? refused(2, '') : said(`192.0.2.80      ${name}`);
}
