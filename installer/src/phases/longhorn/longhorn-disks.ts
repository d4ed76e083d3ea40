import type { Json } from '#kube/json';
import { formatSize } from '#profile/units';
import { type Condition, met, type Seen, unmet } from '../verbs/condition.ts';
import { longhornNamespace } from './longhorn-conditions.ts';

/** As the diagnosis tells it from a Node of Kubernetes. */
const longhornNode = 'nodes.longhorn.io';
const wanted = [
  'Ready',
  'Schedulable',
  'MountPropagation',
  'RequiredPackages',
  'KernelModulesLoaded',
  'NFSClientInstalled',
];

/** Longhorn has looked at the node, finds nothing missing on it, and would put volumes on each of its disks. */
export function disksSchedulable(name: string): Condition {
  return async (sight) => {
    const ref = { apiVersion: 'longhorn.io/v1beta2', kind: 'Node', namespace: longhornNamespace, name };
    const node: Json = await sight.cluster.get(ref);
    if (node === undefined) return unmet(`Longhorn has not found node ${name} yet; that takes up to some minutes`);
    const conditions: readonly Json[] = node.status?.conditions ?? [];
    for (const type of wanted) {
      const condition = conditions.find((one) => one.type === type);
      if (condition === undefined) return unmet(`Longhorn has not looked at ${type} of node ${name} yet`);
      if (condition.status !== 'True')
        return unmet(`Longhorn on ${name}: ${type} is ${said(condition)}`, { about: { kind: longhornNode, name } });
    }
    return disksOf(name, Object.entries(node.status?.diskStatus ?? {}), conditions);
  };
}

function disksOf(node: string, disks: readonly (readonly [string, Json])[], conditions: readonly Json[]): Seen {
  if (disks.length === 0)
    return unmet(`Longhorn has no disk on ${node} yet`, { about: { kind: 'Longhorn', name: 'disks' } });
  for (const [name, { diskPath, conditions = [] }] of disks)
    for (const type of ['Ready', 'Schedulable']) {
      const condition = conditions.find((one: Json) => one.type === type);
      if (condition?.status !== 'True')
        return unmet(`disk ${diskPath ?? name} of ${node}: ${type} is ${said(condition)}`, {
          about: { kind: longhornNode, name: `${node} ${name}` },
        });
    }
  const multipath = conditions.find((one) => one.type === 'Multipathd' && one.status === 'False');
  const warning = multipath === undefined ? [] : [`warning: multipathd runs on ${node}: ${multipath.message}`];
  return met(...disks.map(([name, disk]) => `${node}: ${disk.diskPath ?? name} ${room(disk)}schedulable`), ...warning);
}

function room({ storageAvailable }: Json): string {
  return typeof storageAvailable === 'number' ? `with ${formatSize(storageAvailable)} free is ` : 'is ';
}

function said(condition: Json): string {
  if (condition === undefined) return 'not known yet';
  const { status, reason = '', message = '' } = condition;
  return [`${status}`, [reason, message].filter(Boolean).join(': ')].filter(Boolean).join(', ');
}
