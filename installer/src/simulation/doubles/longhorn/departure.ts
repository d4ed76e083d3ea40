import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { pathOf } from '../kube-path.ts';
import { keyOf } from '../shelf.ts';
import { FINALIZER, HELD, longhornPath } from './names.ts';
import { dropReplica } from './replica.ts';

/** What managers do with deleted objects while one of them lives: the data goes first, the finalizer last. */
export function departures(stage: Stage, lives: () => boolean): { lookAgain(): void } {
  const shelves = HELD.map((kind) => {
    const queue = stage.queue(async (key) => {
      const [, name = ''] = key.split('/');
      const object = await stage.api.get(`${longhornPath(kind)}/${name}`);
      if (object?.metadata.deletionTimestamp === undefined || !lives()) return undefined;
      return await depart(stage, object);
    });
    const shelf = stage.follow({
      path: longhornPath(kind),
      on({ type, object }) {
        if (type !== 'DELETED' && object.metadata.deletionTimestamp !== undefined) queue.add(keyOf(object));
      },
    });
    return { shelf, queue };
  });
  return {
    lookAgain() {
      for (const { shelf, queue } of shelves) for (const one of shelf.all()) queue.add(keyOf(one));
    },
  };
}

/** A number asks for another look after so many seconds. */
async function depart(stage: Stage, object: KubeObject): Promise<number | undefined> {
  if (object.kind === 'Volume' && (await removeReplicas(stage, object.metadata.name))) return 1;
  if (object.kind === 'Replica') dropReplica(stage, object);
  await release(stage, object);
  return undefined;
}

/** Whether some are still there. */
async function removeReplicas(stage: Stage, volume: string): Promise<boolean> {
  const { items } = await stage.api.list(longhornPath('Replica'));
  const own: readonly KubeObject[] = items.filter((one: KubeObject) => one['spec']?.volumeName === volume);
  for (const one of own)
    if (one.metadata.deletionTimestamp === undefined)
      await stage.api.remove(`${longhornPath('Replica')}/${one.metadata.name}`);
  return own.length > 0;
}

export async function release(stage: Stage, object: KubeObject): Promise<void> {
  const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== FINALIZER);
  await stage.api.patch(pathOf(object), { metadata: { finalizers } });
}
