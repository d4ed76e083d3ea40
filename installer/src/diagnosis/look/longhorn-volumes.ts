import type { Json } from '#kube/json';
import { signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble } from '../trouble.ts';
import { clipped, conditionOf, conditionText, isTrue } from '../words.ts';

/** Volumes of Longhorn without a place, without a whole replica, or with fewer than they should have. */
export function longhornVolumeTroubles(seen: Survey): readonly Trouble[] {
  return seen.of('Volume').flatMap((one) => volumeTrouble(one, seen) ?? []);
}

function volumeTrouble(volume: Json, seen: Survey): Trouble | undefined {
  const { name } = volume.metadata;
  const { robustness, state, kubernetesStatus: used = {} } = volume.status ?? {};
  const scheduled = conditionOf(volume, 'Scheduled');
  const claim = used.pvcName === undefined || used.pvcName === '' ? name : `PVC ${used.namespace}/${used.pvcName}`;
  const about: About = {
    key: `Volume longhorn-system/${name}`,
    object: `volumes.longhorn.io ${name}`,
    name: `volume of ${claim}`,
    rank: rank.storage,
    code: 'STORAGE-FAILED',
    message: `the Longhorn volume of ${claim} has no place for its replicas`,
    evidence: scheduled === undefined ? [] : [conditionText(scheduled, seen.now)],
    blames: volumeBlames(seen),
  };
  if (scheduled?.status === 'False')
    return known(about, signature(39), { name }, clipped(scheduled.message || scheduled.reason));
  if (robustness === 'faulted')
    return faulted(
      { ...about, message: `the Longhorn volume of ${claim} is faulted: no replica of it is whole` },
      name,
    );
  return robustness === 'degraded' && state === 'attached' ? degraded(about, claim, volume) : undefined;
}

function volumeBlames(seen: Survey): readonly string[] {
  const nodes = seen
    .of('Node')
    .filter((node) => !isTrue(node, 'Ready'))
    .map(({ metadata }) => `Node ${metadata.name}`);
  const disks = seen
    .of('LonghornNode')
    .flatMap(({ metadata, spec }) => [
      `nodes.longhorn.io ${metadata.name}`,
      ...Object.keys(spec?.disks ?? {}).map((disk) => `nodes.longhorn.io ${metadata.name} ${disk}`),
    ]);
  return [...nodes, ...disks, 'Longhorn disks'];
}

function faulted(about: About, name: string): Trouble {
  return plain(about, {
    title: `${about.name} faulted`,
    because: ['every replica of it was lost or is marked as failed'],
    remedies: [
      `kubectl -n longhorn-system get replicas.longhorn.io -l longhornvolume=${name} -o yaml          why each failed`,
      `kubectl -n longhorn-system get backups.longhorn.io -l backup-volume=${name}          what could be restored`,
    ],
  });
}

function degraded(about: About, claim: string, { metadata, spec }: Json): Trouble {
  return {
    ...plain(
      {
        ...about,
        message: `the Longhorn volume of ${claim} works, but lacks one of its ${spec.numberOfReplicas} replicas`,
      },
      {
        title: `${about.name} degraded`,
        because: ['it is being built anew, or there is no node left for it'],
        remedies: [`kubectl -n longhorn-system get replicas.longhorn.io -l longhornvolume=${metadata.name} -o wide`],
      },
    ),
    advice: true,
  };
}
