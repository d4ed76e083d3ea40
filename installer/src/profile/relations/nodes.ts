/** How many machines there are, what they are for, and how each knows which one it is. */
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';
import { once } from './once.ts';

export function serversHaveQuorum(look: Look): void {
  const { nodes } = look.profile;
  const servers = nodes.flatMap(({ role }, index) => (role === 'server' ? [index] : []));
  if (servers.length === 0)
    return look.say(['nodes', 0, 'role'], {
      message:
        nodes.length === 1
          ? 'the only node is an agent: nothing would run the cluster'
          : 'no node is a server: nothing would run the cluster',
      right: 'write role: server',
      others: nodes.map((_, index) => ['nodes', index, 'role']),
    });
  const last: Path = ['nodes', servers.at(-1) ?? 0, 'role'];
  if (servers.length === 2)
    look.say(last, {
      message: 'two servers cannot agree when one of them is gone: the cluster would stop with either',
      right: 'one server, or three; make the others agents',
    });
  else if (servers.length % 2 === 0)
    look.say(last, {
      severity: 'warning',
      message: `${servers.length} servers bear no more losses than ${servers.length - 1}`,
      right: `make one of them an agent, or add one server`,
    });
}

export function machinesAreKnown(look: Look): void {
  const { nodes } = look.profile;
  for (const key of ['serial', 'uuid'] as const) {
    const items = nodes.flatMap(({ machine }, index) => {
      const value = machine?.[key];
      return value === undefined
        ? []
        : [{ key: value.toLowerCase(), path: ['nodes', index, 'machine', key], called: `the machine ${key} ${value}` }];
    });
    once(look, items, 'each node is one machine; dmidecode -s system-serial-number prints the serial');
  }
  if (nodes.length === 1) return;
  for (const [index, { name, machine }] of nodes.entries()) {
    if (machine?.serial !== undefined || machine?.uuid !== undefined) continue;
    look.say(['nodes', index], {
      message: `with ${nodes.length} nodes a machine has to know which one it is, and ${name} does not say`,
      right: 'add machine: {serial: …}; dmidecode -s system-serial-number prints it',
      others: [['nodes', index, 'machine']],
    });
  }
}

export function tokenIsShared(look: Look): void {
  const { nodes, cluster } = look.profile;
  if (nodes.length === 1 || cluster.k3s.token !== undefined) return;
  look.say(['cluster', 'k3s', 'token'], {
    message: `${nodes.length} nodes need a common token to find together, and there is none`,
    right: 'cluster: {k3s: {token: {fromFile: /etc/novasphere/secrets/k3s-token}}}, the same on every machine',
  });
}
