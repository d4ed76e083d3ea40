import type { KubeObject } from '#kube/object';
import { double, type Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { claimsOf } from '../node/claim.ts';
import { attachmentName } from '../node/mount.ts';
import { isActive } from '../owned-pods.ts';
import { keyOf } from '../shelf.ts';
import { syncClaim } from './claim.ts';
import { type StorageSeen, usersOf } from './storage-seen.ts';
import { syncVolume } from './volume.ts';

/** The controller manager's part for storage: default classes, binding, protection while in use, attaching. */
export const storageDouble = double('the storage controllers', (stage) => {
  const claims = stage.follow({
    path: kindPath('v1', 'PersistentVolumeClaim'),
    on: ({ object, type }) => {
      claimQueue.add(keyOf(object));
      if (type === 'DELETED' && object['spec'].volumeName) volumeQueue.add(object['spec'].volumeName);
    },
  });
  const volumes = stage.follow({
    path: kindPath('v1', 'PersistentVolume'),
    on: ({ object }) => {
      const { claimRef } = object['spec'];
      if (claimRef !== undefined) claimQueue.add(`${claimRef.namespace}/${claimRef.name}`);
      volumeQueue.add(object.metadata.name);
    },
  });
  const classes = stage.follow({
    path: kindPath('storage.k8s.io/v1', 'StorageClass'),
    on: () => {
      for (const claim of claims.all()) if (claim['spec'].volumeName === undefined) claimQueue.add(keyOf(claim));
    },
  });
  const pods = stage.follow({
    path: kindPath('v1', 'Pod'),
    on: ({ object }) => {
      for (const name of claimsOf(object)) {
        claimQueue.add(`${object.metadata.namespace}/${name}`);
        attach.add(`${object.metadata.namespace}/${name}`);
      }
    },
  });
  const seen = { claims, volumes, classes, pods };
  const claimQueue = stage.queue((key) => syncClaim(stage, seen, key));
  const volumeQueue = stage.queue((name) => syncVolume(stage, seen, name));
  const attach = stage.queue((key) => syncAttachments(stage, seen, key));
});

/** One VolumeAttachment per node that runs a pod with the claim; none where the last such pod has gone. */
async function syncAttachments(
  stage: Stage,
  { claims, volumes, pods }: StorageSeen,
  key: string,
): Promise<number | undefined> {
  const [namespace, name = ''] = key.split('/');
  const claim = claims.get(name, namespace);
  const volume = volumes.get(claim?.['spec'].volumeName ?? '');
  const driver: string | undefined = volume?.['spec'].csi?.driver;
  if (claim === undefined || volume === undefined || driver === undefined) return undefined;
  const users = usersOf(pods, claim).filter(
    (pod) => pod['spec'].nodeName && (isActive(pod) || (pod.metadata.deletionTimestamp !== undefined && !isOver(pod))),
  );
  const wanted = new Set<string>(users.map((pod) => pod['spec'].nodeName));
  for (const node of wanted) await stage.api.ensure(attachment(volume.metadata.name, node, driver));
  const nodes = new Set<string>(usersOf(pods, claim).map((pod) => pod['spec'].nodeName));
  for (const node of nodes) if (node && !wanted.has(node)) await detach(stage, volume.metadata.name, node);
  return undefined;
}

function isOver(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(pod['status']?.phase);
}

function attachment(volume: string, node: string, attacher: string): KubeObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: attachmentName(volume, node) },
    spec: { attacher, nodeName: node, source: { persistentVolumeName: volume } },
  };
}

async function detach(stage: Stage, volume: string, node: string): Promise<void> {
  await stage.api.remove(pathOf(attachment(volume, node, '')));
}
