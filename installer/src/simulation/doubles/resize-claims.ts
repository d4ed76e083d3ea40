import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from './double.ts';
import { kindPath, pathOf } from './kube-path.ts';
import { quantity } from './quantity.ts';
import { keyOf } from './shelf.ts';

/** A program that gives the volumes of its driver more room. */
export interface Resizer {
  readonly driver: string;
  readonly seconds: number;
  /** Called with the name of the PersistentVolume and the size that is asked for. */
  grow(volume: string, storage: string): Promise<void>;
}

const RETRY_SECONDS = 10;
const own = ['Resizing', 'ControllerResizeError'];

/** The external resizer of any driver: a claim that asks for more than it has gets it, also while a pod uses it. */
export function resizeClaims(stage: Stage, resizer: Resizer): void {
  const queue = stage.queue(async (key) => {
    const [namespace, name = ''] = key.split('/');
    const claim = await stage.api.get(`${kindPath('v1', 'PersistentVolumeClaim', namespace)}/${name}`);
    return claim?.['status']?.phase === 'Bound' ? resize(stage, resizer, claim) : undefined;
  });
  stage.follow({
    path: kindPath('v1', 'PersistentVolumeClaim'),
    on: ({ object }) => queue.add(keyOf(object)),
  });
}

async function resize(stage: Stage, resizer: Resizer, claim: KubeObject): Promise<number | undefined> {
  const { volumeName, resources } = claim['spec'];
  const { storage } = resources.requests;
  const volume: Json = await stage.api.get(`${kindPath('v1', 'PersistentVolume')}/${volumeName}`);
  if (volume?.spec.csi?.driver !== resizer.driver) return undefined;
  if (quantity(storage) <= quantity(claim['status'].capacity?.storage)) return undefined;
  const fails = stage.bench.troubles.has('resize-fails', claim.metadata.name);
  if (fails && hasFailedAt(claim, storage)) return RETRY_SECONDS;
  await stage.api.patchStatus(
    pathOf(claim),
    asking(claim, storage, 'ControllerResizeInProgress', resizing(stage.now())),
  );
  await stage.pause(resizer.seconds);
  if (fails) {
    const failed = failure(claim, volumeName, stage.now());
    await stage.api.patchStatus(pathOf(claim), asking(claim, storage, 'ControllerResizeInfeasible', failed));
    return RETRY_SECONDS;
  }
  await resizer.grow(volumeName, storage);
  await stage.api.patch(pathOf(volume), { spec: { capacity: { storage } } });
  const quiet = { allocatedResourceStatuses: null, conditions: foreign(claim) };
  await stage.api.patchStatus(pathOf(claim), { ...quiet, capacity: { storage } });
  return undefined;
}

function hasFailedAt({ status }: KubeObject, storage: string): boolean {
  const { allocatedResources, allocatedResourceStatuses } = status;
  return allocatedResourceStatuses?.storage === 'ControllerResizeInfeasible' && allocatedResources?.storage === storage;
}

/** What is said of an expansion that goes on, or that has failed. */
function asking(claim: KubeObject, storage: string, allocated: string, condition: Json): Json {
  return {
    allocatedResources: { storage },
    allocatedResourceStatuses: { storage: allocated },
    conditions: [...foreign(claim), condition],
  };
}

function resizing(now: string): Json {
  return { type: 'Resizing', status: 'True', lastProbeTime: null, lastTransitionTime: now };
}

function failure({ metadata }: KubeObject, volume: string, now: string): Json {
  const message = `failed to expand pvc with: resize volume "${volume}" by resizer "driver.longhorn.io" failed: rpc error: code = OutOfRange desc = cannot schedule ${metadata.name}: insufficient storage`;
  return { type: 'ControllerResizeError', status: 'True', lastProbeTime: null, lastTransitionTime: now, message };
}

function foreign(claim: KubeObject): readonly Json[] {
  return (claim['status'].conditions ?? []).filter((one: Json) => !own.includes(one.type));
}
