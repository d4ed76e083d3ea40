import type { Site } from '#plan/plan';
import { isSingle, volumeReplicas } from '../verbs/site-size.ts';

/** Longhorn's settings that differ from its own defaults, by its own names. */
export function longhornSettings(site: Site): Readonly<Record<string, string>> {
  const replicas = String(volumeReplicas(site));
  const disk = site.node.disks.data;
  return {
    'default-replica-count': JSON.stringify({ v1: replicas, v2: replicas }),
    'default-data-path': disk?.mount ?? '/var/lib/longhorn',
    'upgrade-checker': 'false',
    'allow-collecting-longhorn-usage-metrics': 'false',
    'concurrent-automatic-engine-upgrade-per-node-limit': '1',
    // A disk that holds nothing else need not keep a third of itself free for others.
    ...(disk === undefined
      ? {}
      : { 'storage-reserved-percentage-for-default-disk': '5', 'storage-minimal-available-percentage': '10' }),
    // With its default no node that holds a last replica can be drained, and a single node always does.
    ...(isSingle(site) ? { 'node-drain-policy': 'allow-if-replica-is-stopped' } : {}),
  };
}
