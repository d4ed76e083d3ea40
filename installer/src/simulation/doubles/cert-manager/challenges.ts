import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { keyOf } from '../shelf.ts';

const core = 'acme.cert-manager.io/v1';
const FINALIZER = 'acme.cert-manager.io/finalizer';

/** Lets deleted challenges go once what they had put into DNS or Ingresses is taken back: only the controller can say so. */
export function challenges(stage: Stage, works: () => boolean): { refresh(): void } {
  const queue = stage.queue(async (key) => {
    const [namespace, name] = key.split('/') as [string, string];
    const challenge = works() ? await stage.api.get(`${kindPath(core, 'Challenge', namespace)}/${name}`) : undefined;
    if (challenge?.metadata.deletionTimestamp === undefined) return;
    await stage.pause(1);
    const finalizers = (challenge.metadata.finalizers ?? []).filter((one) => one !== FINALIZER);
    await stage.api.patch(pathOf(challenge), { metadata: { finalizers } });
  });
  const shelf = stage.follow({ path: kindPath(core, 'Challenge'), on: ({ object }) => queue.add(keyOf(object)) });
  return {
    refresh() {
      for (const one of shelf.all()) queue.add(keyOf(one));
    },
  };
}
