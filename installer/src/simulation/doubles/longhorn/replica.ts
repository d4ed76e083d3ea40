import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { fingerprint } from '../event.ts';
import { pathOf } from '../kube-path.ts';
import { ownerReference } from '../owned-pods.ts';
import { longhornObject, longhornPath } from './names.ts';

/** Gives a volume's replicas their disks, at most one per node; says how many found one. */
export async function placeReplicas(stage: Stage, volumeName: string, wanted: number): Promise<number> {
  const nodes = await stage.api.list(longhornPath('Node'));
  const volume = await stage.api.get(`${longhornPath('Volume')}/${volumeName}`);
  const homes = nodes.items.flatMap((node: KubeObject) => usableDisk(node)).slice(0, wanted);
  for (const [index, home] of homes.entries()) {
    const spec = {
      volumeName,
      volumeSize: volume?.['spec'].size,
      nodeID: home.node,
      diskID: home.id,
      diskPath: home.path,
      dataDirectoryName: `${volumeName}-${fingerprint(`${volumeName} ${index}`)}`,
      dataEngine: 'v1',
      active: true,
    };
    const name = `${volumeName}-r-${index}`;
    const replica = longhornObject('Replica', name, { spec });
    const owners = volume === undefined ? [] : [ownerReference(volume)];
    const made = await stage.api.ensure({ ...replica, metadata: { ...replica.metadata, ownerReferences: owners } });
    await stage.api.patchStatus(pathOf(made), { currentState: 'stopped' });
    for (const [path, text] of filesOf(made)) machineOf(stage, made)?.write(path, text);
  }
  return homes.length;
}

function usableDisk(node: KubeObject): { node: string; id: string; path: string }[] {
  const allowed = node['spec'].allowScheduling !== false;
  const disks = Object.values<Json>(node['status']?.diskStatus ?? {}).filter(isSchedulable);
  const disk = disks[0];
  return allowed && disk !== undefined ? [{ node: node.metadata.name, id: disk.diskUUID, path: disk.diskPath }] : [];
}

function isSchedulable(disk: Json): boolean {
  return ['Ready', 'Schedulable'].every((type) =>
    disk.conditions.some((one: Json) => one.type === type && one.status === 'True'),
  );
}

/** The data of a deleted replica leaves the disk. */
export function dropReplica(stage: Stage, replica: KubeObject): void {
  for (const [path] of filesOf(replica)) machineOf(stage, replica)?.remove(path);
}

function machineOf({ bench }: Stage, replica: KubeObject) {
  return bench.machines.find(({ name }) => name === replica['spec'].nodeID);
}

/** What an engine keeps of a volume on a disk: its size, and the layer that is written to. */
function filesOf({ spec }: Json): readonly (readonly [path: string, text: string])[] {
  const folder = `${spec.diskPath.replace(/\/$/, '')}/replicas/${spec.dataDirectoryName}`;
  const meta = JSON.stringify({ Size: Number(spec.volumeSize ?? 0), Head: 'volume-head-000.img' });
  return [
    [`${folder}/volume.meta`, meta],
    [`${folder}/volume-head-000.img`, ''],
  ];
}
