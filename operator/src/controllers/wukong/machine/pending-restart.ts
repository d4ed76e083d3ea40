import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { covers } from '../covers.ts';

/** What the user calls it, and where a machine's template and an instance have it. */
const places: readonly (readonly [what: string, ...path: readonly string[]])[] = [
  ['cpu', 'domain', 'cpu', 'sockets'],
  ['memory', 'domain', 'memory', 'guest'],
  ['cpuModel', 'domain', 'cpu', 'model'],
  ['dedicatedCpu', 'domain', 'cpu', 'dedicatedCpuPlacement'],
  ['hugepages', 'domain', 'memory', 'hugepages'],
  ['machineType', 'domain', 'machine', 'type'],
  ['firmware', 'domain', 'firmware', 'bootloader'],
  ['gpus', 'domain', 'devices', 'gpus'],
  ['disks', 'domain', 'devices', 'disks'],
  ['disks', 'volumes'],
  ['networks', 'domain', 'devices', 'interfaces'],
  ['networks', 'networks'],
  ['scheduling', 'affinity'],
  ['scheduling', 'nodeSelector'],
  ['scheduling', 'tolerations'],
  ['scheduling', 'topologySpreadConstraints'],
  ['scheduling', 'priorityClassName'],
  ['scheduling', 'schedulerName'],
  ['evictionStrategy', 'evictionStrategy'],
  ['terminationGracePeriodSeconds', 'terminationGracePeriodSeconds'],
];
/** What KubeVirt fills in of an instance where its machine says nothing. */
const filledIn = new Set(['cpuModel', 'machineType', 'evictionStrategy']);

/** What of a machine its running instance does not have yet. */
export function pendingRestart(vm: KubeObject, vmi: KubeObject | undefined): readonly string[] {
  if (vmi === undefined) return [];
  const found = places.filter(([what, ...path]) => {
    const [wanted, has] = [at(vm['spec']?.template?.spec, path), at(vmi['spec'], path)];
    if (wanted === undefined) return has !== undefined && !filledIn.has(what);
    return !covers(has, wanted, path.at(-1));
  });
  return [...new Set(found.map(([what]) => what))];
}

function at(value: Json, path: readonly string[]): Json {
  return path.reduce((inner, field) => inner?.[field], value);
}
