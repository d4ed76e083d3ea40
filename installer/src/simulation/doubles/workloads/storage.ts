import { double } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { claimsOf } from '../node/claim.ts';
import { type Change, keyOf, type Shelf } from '../shelf.ts';
import { attacher } from './attach.ts';
import { syncClaim } from './claim.ts';
import { syncVolume } from './volume.ts';

/** The controller manager's part for storage: default classes, binding, protection while in use, attaching. */
export const storageDouble = double('the storage controllers', (stage) => {
  const of = (apiVersion: string, kind: string, on: (change: Change) => void): Shelf =>
    stage.follow({ path: kindPath(apiVersion, kind), on });
  const claims = of('v1', 'PersistentVolumeClaim', ({ object, type }) => {
    claimQueue.add(keyOf(object));
    if (type === 'DELETED' && object['spec'].volumeName) volumeQueue.add(object['spec'].volumeName);
  });
  const volumes = of('v1', 'PersistentVolume', ({ object }) => {
    const { claimRef } = object['spec'];
    if (claimRef !== undefined) claimQueue.add(`${claimRef.namespace}/${claimRef.name}`);
    volumeQueue.add(object.metadata.name);
  });
  const classes = of('storage.k8s.io/v1', 'StorageClass', () => {
    for (const claim of claims.all()) if (claim['spec'].volumeName === undefined) claimQueue.add(keyOf(claim));
  });
  const pods = of('v1', 'Pod', ({ object }) => {
    const keys = claimsOf(object).map((name) => `${object.metadata.namespace}/${name}`);
    for (const key of keys) for (const queue of [claimQueue, attachQueue]) queue.add(key);
  });
  const seen = { claims, volumes, classes, pods };
  const claimQueue = stage.queue((key) => syncClaim(stage, seen, key));
  const volumeQueue = stage.queue((name) => syncVolume(stage, seen, name));
  const attachQueue = attacher(stage, seen);
});
