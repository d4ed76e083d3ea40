import type { KubeObject } from '#kube/object';
import type { Handlers } from '#kube/object-store';
import type { Wukong } from '../../api/wukong.ts';

/**
 * Tells once for each Wukong how many seconds after its creation it first ran. One that was seen only later in its life
 * is left out, and so is one that was off in between: nobody waited for that.
 */
export function firstRuns(now: () => number, told: (seconds: number) => void): Handlers {
  const fresh = new Set<string>();
  const uidOf = ({ metadata }: KubeObject) => metadata.uid ?? '';
  return {
    added: (object) => {
      if (object['status'] === undefined) fresh.add(uidOf(object));
    },
    updated: (object) => {
      const { metadata, status } = object as Wukong;
      if (status?.phase === 'Stopped') fresh.delete(uidOf(object));
      if (status?.phase !== 'Running' || !fresh.delete(uidOf(object))) return;
      told(Math.max(0, (now() - Date.parse(metadata.creationTimestamp ?? '')) / 1000));
    },
    deleted: (object) => void fresh.delete(uidOf(object)),
  };
}
