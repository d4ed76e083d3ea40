import { atOnce } from '#engine/at-once';
import type { Change, Step } from '#engine/step';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { gate, met } from '../../verbs/condition.ts';
import { finding } from '../../verbs/finding.ts';
import { nameOf, refOf } from '../../verbs/object-name.ts';
import { driver, type Volume, volumesIn } from './volumes.ts';

/** Which directory holds which disk, for whoever wants them back. */
export const keptFile = '/var/lib/novasphere/kept-volumes.json';
const contents = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotContent' };
const patience = { soft: 20_000, hard: 60_000 };

/** From here on nobody deletes the data of a volume when its claim goes; and it is written down where it lies. */
export function dataKept(): Step {
  return {
    id: 'reset-workloads/keep-data',
    title: 'Make sure that the data of volumes stays',
    async probe(sight) {
      const volumes = await volumesIn(sight.cluster);
      const missing = await unrecorded(sight, volumes);
      const changes = (await losing(sight)).map((object): Change => {
        return { what: `${nameOf(object)}: what becomes of its data`, from: 'Delete', to: 'Retain' };
      });
      return finding([...changes, ...missing], volumes.flatMap(whereabouts));
    },
    async apply(stage, act) {
      await atOnce(8, await losing(stage), (object) => stage.cluster.merge(refOf(object), retained(object)));
      const volumes = await volumesIn(stage.cluster);
      await act.waitFor(
        gate({ title: 'every volume to be known', ...patience }, async () => met(...volumes.flatMap(whereabouts))),
      );
      if ((await unrecorded(stage, volumes)).length === 0) return;
      await stage.host.write(keptFile, await recordOf(stage, volumes), 0o600);
    },
  };
}

/** What would take data with it. */
async function losing({ cluster }: Sight): Promise<readonly KubeObject[]> {
  const names = new Set((await volumesIn(cluster)).map(({ volume }) => volume));
  const volumes: readonly Json[] = await cluster.list({ apiVersion: 'v1', kind: 'PersistentVolume' });
  const snapshots: readonly Json[] = await cluster.list(contents);
  return [
    ...volumes.filter(
      ({ metadata, spec }) =>
        (spec?.csi?.driver === driver || names.has(metadata.name)) && spec.persistentVolumeReclaimPolicy !== 'Retain',
    ),
    ...snapshots.filter(({ spec }) => spec?.deletionPolicy !== 'Retain'),
  ];
}

function retained({ kind }: KubeObject): object {
  return {
    spec: kind === 'PersistentVolume' ? { persistentVolumeReclaimPolicy: 'Retain' } : { deletionPolicy: 'Retain' },
  };
}

function whereabouts({ name, replicas, isTrial }: Volume): readonly string[] {
  if (isTrial) return [];
  return replicas.map(({ node, path }) => `the data of ${name} is on ${node} in ${path}`);
}

/** What an earlier run has written down stays: its claims may be gone by now. */
async function unrecorded({ host }: Sight, volumes: readonly Volume[]): Promise<readonly Change[]> {
  if (host.outOfReach === true) return [];
  const fresh = without(volumes, await recordIn(host)).length;
  return fresh === 0 ? [] : [{ what: keptFile, to: `where the data of ${fresh} volume${fresh === 1 ? '' : 's'} lies` }];
}

function without(volumes: readonly Volume[], known: readonly Kept[]): readonly Volume[] {
  return volumes.filter(({ volume, isTrial }) => !isTrial && !known.some((one) => one.volume === volume));
}

/** A disk whose data was kept. */
export interface Kept {
  readonly name: string;
  readonly volume: string;
  readonly size: number;
  readonly replicas: Volume['replicas'];
}

async function recordOf({ host }: Sight, volumes: readonly Volume[]): Promise<string> {
  const before = await recordIn(host);
  const fresh = without(volumes, before).map(({ name, volume, size, replicas }): Kept => {
    return { name, volume, size, replicas };
  });
  return `${JSON.stringify([...before, ...fresh], undefined, 2)}\n`;
}

/** What was written down on this machine; nothing where nobody did. */
export async function recordIn(host: Sight['host']): Promise<readonly Kept[]> {
  try {
    return JSON.parse((await host.read(keptFile)) ?? '[]') as readonly Kept[];
  } catch {
    return [];
  }
}
