import { Fault } from '#engine/fault';
import type { Inventory } from '#ports/facts';
import type { Node, Profile } from './schema.ts';

export type WhichNode =
  | { readonly node: Node; readonly index: number; readonly warnings: readonly string[] }
  | { readonly fault: Fault };

/** Which node of the profile a machine is: the one that is asked for, the one with its serial number or UUID, or the only one. */
export function nodeOf(profile: Profile, { machine }: Pick<Inventory, 'machine'>, name?: string): WhichNode {
  const { nodes } = profile;
  if (name !== undefined) return named(profile, machine, name);
  const known = nodes.findIndex((node) => verdictOn(node, machine) === 'this');
  const node = nodes[known];
  if (node !== undefined) return { node, index: known, warnings: [] };
  const [only] = nodes;
  if (only === undefined || nodes.length > 1) return { fault: stranger(profile, machine) };
  const verdict = verdictOn(only, machine);
  if (verdict === 'another') return { fault: stranger(profile, machine) };
  const warnings =
    verdict === 'unsaid' ? [] : [`this machine does not tell its serial number or UUID; it is taken for ${only.name}`];
  return { node: only, index: 0, warnings };
}

type Verdict = 'this' | 'another' | 'unknown' | 'unsaid';

function verdictOn(node: Node, machine: Inventory['machine']): Verdict {
  const { serial, uuid } = node.machine ?? {};
  if (serial === undefined && uuid === undefined) return 'unsaid';
  const pairs = [
    [serial, machine.serial],
    [uuid, machine.uuid],
  ].flatMap(([wanted, has]) => (wanted === undefined || has === undefined ? [] : [same(wanted, has)]));
  if (pairs.length === 0) return 'unknown';
  return pairs.every(Boolean) ? 'this' : 'another';
}

function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function named(profile: Profile, machine: Inventory['machine'], name: string): WhichNode {
  const index = profile.nodes.findIndex((node) => node.name === name);
  const node = profile.nodes[index];
  if (node === undefined) {
    const names = profile.nodes.map((one) => one.name);
    const message = `the profile has no node ${name}; it has ${names.join(', ')}`;
    return { fault: new Fault({ code: 'MATCH-NONE', message, remedy: [`use --node ${names[0] ?? ''}`] }) };
  }
  const warnings =
    verdictOn(node, machine) === 'another'
      ? [`this machine (${tell(machine)}) is not the one that the profile names for ${name}`]
      : [];
  return { node, index, warnings };
}

function stranger(profile: Profile, machine: Inventory['machine']): Fault {
  const known = profile.nodes.map(({ name, machine: own }) => `${name} is the machine with ${tell(own ?? {})}`);
  return new Fault({
    code: 'MATCH-NONE',
    message: `this machine (${tell(machine)}) is none of the profile's nodes`,
    evidence: known,
    remedy: [
      machine.serial === undefined
        ? 'sudo dmidecode -s system-serial-number'
        : `if it is meant: machine: {serial: ${machine.serial.trim()}} at its node`,
      `or say which one it is: --node ${profile.nodes[0]?.name ?? ''}`,
    ],
  });
}

function tell({ serial, uuid }: { readonly serial?: string | undefined; readonly uuid?: string | undefined }): string {
  if (serial !== undefined) return `serial ${serial.trim()}`;
  return uuid === undefined ? 'no known serial number' : `UUID ${uuid}`;
}
