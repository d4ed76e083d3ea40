import type { Json } from '#kube/json';
import type { ObjectQuery } from '#ports/cluster';
import { type Condition, met, unmet } from '../verbs/condition.ts';
import { stuckVolume } from '../verbs/stuck-volume.ts';
import { sampleNamespace } from './sample-objects.ts';

const places: readonly {
  readonly kind: Parameters<typeof stuckVolume>[0];
  readonly query: ObjectQuery;
  readonly isOurs: (object: Json) => boolean;
}[] = [
  {
    kind: 'PersistentVolume',
    query: { apiVersion: 'v1', kind: 'PersistentVolume' },
    isOurs: ({ spec }) => spec?.claimRef?.namespace === sampleNamespace,
  },
  {
    kind: 'volumes.longhorn.io',
    query: { apiVersion: 'longhorn.io/v1beta2', kind: 'Volume', namespace: 'longhorn-system' },
    isOurs: ({ status }) => status?.kubernetesStatus?.namespace === sampleNamespace,
  },
];

/** The sample VM has left no volume behind, and no attachment of one. */
export const nothingLeft: Condition = async (sight) => {
  for (const { kind, query, isOurs } of places) {
    const left = (await sight.cluster.list(query)).find(isOurs);
    if (left === undefined) continue;
    const { name } = left.metadata;
    return unmet(`${query.kind} ${name} is still there`, { blame: stuckVolume(kind, name) });
  }
  const volumes = await sight.cluster.list({ apiVersion: 'v1', kind: 'PersistentVolume' });
  const names = new Set(volumes.map(({ metadata }) => metadata.name));
  const attachments = await sight.cluster.list({ apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment' });
  const orphan = attachments.find((one: Json) => {
    const volume = one.spec?.source?.persistentVolumeName;
    return one.spec?.attacher === 'driver.longhorn.io' && volume !== undefined && !names.has(volume);
  });
  if (orphan !== undefined) return unmet(`VolumeAttachment ${orphan.metadata.name} holds a volume that is gone`);
  return met('it was removed, and no volume was left behind');
};
