import { type Gate, minute, second } from '#engine/step';
import type { KubeObject } from '#ports/cluster';
import { gate, met, unmet } from './condition.ts';
import { nameOf, refOf } from './object-name.ts';

/** An object of the same name that has come since is another one: a machine that starts again, for example. */
export function allGone(objects: readonly KubeObject[]): Gate {
  const about = { title: 'what is being deleted to be gone', soft: 1 * minute, hard: 5 * minute };
  return gate({ ...about, every: 5 * second }, async (sight) => {
    for (const object of objects) {
      const ref = refOf(object);
      const live = await sight.cluster.get(ref);
      if (live === undefined || live.metadata.uid !== object.metadata.uid) continue;
      const holders = live.metadata.finalizers ?? [];
      return unmet(`${nameOf(ref)} is still there${holders.length === 0 ? '' : `, held by ${holders.join(', ')}`}`);
    }
    return met();
  });
}
