import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { recordEvent } from '../event.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { isAvailable } from '../readiness.ts';
import { keyOf } from '../shelf.ts';
import { cdiRelease } from './cdi-release.ts';
import { newClaim, renderClaim, waitsForConsumer } from './data-volume-claim.ts';
import { isBound } from './data-volume-status.ts';
import { fill } from './fill-volume.ts';
import { type CdiShelves, type Filler, tell } from './filler.ts';
import { fillingOf, importerPod } from './importer-pod.ts';

const core = 'cdi.kubevirt.io/v1beta1';
const POPULATED_FOR = 'cdi.kubevirt.io/storage.populatedFor';
const PVC_NAME = 'cdi.kubevirt.io/storage.import.importPvcName';

/** cdi-deployment's part for DataVolumes: a claim for each, and a pod that fills it. */
export function dataVolumes(
  stage: Stage,
  others: Pick<CdiShelves, 'cdis' | 'deployments' | 'classes'>,
): { refresh(): void } {
  const queue = stage.queue(async (key) => reconcile({ stage, shelves }, key));
  const volumes = stage.follow({ path: kindPath(core, 'DataVolume'), on: ({ object }) => queue.add(keyOf(object)) });
  const refresh = () => {
    for (const one of volumes.all()) if ((one as Json).status?.phase !== 'Succeeded') queue.add(keyOf(one));
  };
  const shelves: CdiShelves = {
    ...others,
    profiles: stage.follow({ path: kindPath(core, 'StorageProfile'), on: refresh }),
    claims: stage.follow({
      path: kindPath('v1', 'PersistentVolumeClaim'),
      on: ({ object }) => {
        if (volumes.get(object.metadata.name, object.metadata.namespace) !== undefined) queue.add(keyOf(object));
      },
    }),
    pods: stage.follow({
      path: kindPath('v1', 'Pod'),
      query: { labelSelector: 'app.kubernetes.io/managed-by=cdi-controller' },
      on: ({ object }) => queue.add(`${object.metadata.namespace}/${object.metadata.annotations?.[PVC_NAME]}`),
    }),
  };
  return { refresh };
}

async function reconcile(filler: Filler, key: string): Promise<number | undefined> {
  const { stage, shelves } = filler;
  const [namespace, name] = key.split('/') as [string, string];
  const controller = shelves.deployments.get('cdi-deployment', 'cdi');
  if (controller === undefined || !isAvailable(controller)) return undefined;
  const volume: Json = await stage.api.get(`${kindPath(core, 'DataVolume', namespace)}/${name}`);
  if (volume === undefined || volume.metadata.deletionTimestamp !== undefined) return abandon(filler, namespace, name);
  const claim: Json = await stage.api.get(`${kindPath('v1', 'PersistentVolumeClaim', namespace)}/${name}`);
  if (claim !== undefined && isRestored(claim, name)) await takeBack(filler, volume, claim);
  if (volume.status?.phase === 'Succeeded') return undefined;
  if (claim === undefined) return claimFor(filler, volume);
  if (waitsForConsumer(volume, claim, shelves.classes))
    return tell(filler, volume, { phase: await waitingPhase(filler, claim) });
  const pod: Json = await stage.api.get(`${kindPath('v1', 'Pod', namespace)}/${fillingOf(volume).pod}`);
  if (pod !== undefined) return fill(filler, volume, claim, pod);
  const bound = claim.status?.phase === 'Bound';
  const immediate = volume.metadata.annotations?.['cdi.kubevirt.io/storage.bind.immediate.requested'] !== undefined;
  if (!bound && !immediate) return tell(filler, volume, { phase: 'Pending' });
  if (bound) await tell(filler, volume, { phase: 'PVCBound', bound: isBound(name) });
  const images = await imagesOf(filler);
  if (images !== undefined) await stage.api.ensure(importerPod(volume, claim, images));
  return undefined;
}

/** A claim that somebody else has filled for a DataVolume, and that nobody owns. */
function isRestored({ metadata }: Json, name: string): boolean {
  return metadata.annotations?.[POPULATED_FOR] === name && (metadata.ownerReferences ?? []).length === 0;
}

async function takeBack({ stage }: Filler, { apiVersion, kind, metadata }: Json, claim: Json): Promise<void> {
  const { name, uid } = metadata;
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  await stage.api.patch(pathOf(claim), { metadata: { ownerReferences: [owner] } });
}

/** A pod that fills a disk which is deleted would keep its claim for ever. */
async function abandon({ stage, shelves }: Filler, namespace: string, name: string): Promise<undefined> {
  const fills = (pod: KubeObject) =>
    pod.metadata.namespace === namespace && pod.metadata.annotations?.[PVC_NAME] === name;
  for (const { metadata } of shelves.pods.all().filter(fills))
    await stage.api.remove(`${kindPath('v1', 'Pod', namespace)}/${metadata.name}`);
}

async function imagesOf({ shelves }: Filler) {
  const operator = shelves.deployments.get('cdi-operator', 'cdi');
  const cdi = shelves.cdis.all()[0];
  return operator === undefined || cdi === undefined ? undefined : cdiRelease(operator, cdi).images;
}

async function claimFor(filler: Filler, volume: Json): Promise<undefined> {
  const { stage, shelves } = filler;
  const rendered = renderClaim(volume, shelves.classes, shelves.profiles);
  if ('claim' in rendered) {
    await stage.pause(0.5);
    await tell(filler, volume, { phase: 'Pending' });
    await stage.api.ensure(newClaim(volume, rendered.claim));
    return;
  }
  const known = (volume.status?.conditions ?? []).some(
    (one: Json) => one.type === 'Bound' && one.message === rendered.error,
  );
  if (known) return;
  await tell(filler, volume, {
    phase: 'Pending',
    bound: { status: 'False', reason: 'ErrClaimNotValid', message: rendered.error },
  });
  await recordEvent(stage, {
    about: volume,
    reason: 'ErrClaimNotValid',
    message: rendered.error,
    by: 'datavolume-import-controller',
  });
}

/** A class with a CSI driver is filled through a populator, any other only after its consumer. */
async function waitingPhase({ stage, shelves }: Filler, claim: Json): Promise<string> {
  const provisioner: string | undefined = (shelves.classes.get(claim.spec.storageClassName ?? '') as Json)?.provisioner;
  // A name with a slash is no driver's.
  if (provisioner === undefined || provisioner.includes('/')) return 'WaitForFirstConsumer';
  const driver = await stage.api.get(`${kindPath('storage.k8s.io/v1', 'CSIDriver')}/${provisioner}`);
  return driver === undefined ? 'WaitForFirstConsumer' : 'PendingPopulation';
}
