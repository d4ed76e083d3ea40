import type { Phase } from '#engine/step';
import type { Site } from '#plan/plan';
import { isFirstServer } from '../../k3s/k3s-site.ts';
import { stepOf } from '../../verbs/host-part.ts';
import type { ResetWish } from '../wish.ts';
import { onCluster } from './emptied.ts';
import { notInUse } from './in-use-step.ts';
import { sessionsEnded } from './iscsi.ts';
import { k3sFilesGone } from './k3s-files-step.ts';
import { mountsGone } from './mounts.ts';
import { linksGone, rulesGone } from './network.ts';
import { nodeLeaves, othersGone } from './nodes-step.ts';
import { k3sStopped } from './stop-step.ts';

/** Kubernetes off one machine. */
export function k3sOff(site: Site, wish: ResetWish): Phase {
  const leftovers = { id: 'reset-k3s/leftovers', title: 'Remove what pods have left in the kernel' };
  return {
    id: 'reset-k3s',
    title: 'Take off Kubernetes (k3s)',
    on: 'each host',
    // One after the other: etcd keeps its majority only as long as each that goes says so.
    atOnce: 1,
    needs: [],
    steps: [
      ...goodbye(site, wish),
      k3sStopped(site, wish),
      stepOf(leftovers, mountsGone, sessionsEnded, linksGone, rulesGone),
      k3sFilesGone(site, wish),
    ],
  };
}

function goodbye(site: Site, { clusterIsLost, reach }: ResetWish) {
  if (clusterIsLost) return [];
  if (isFirstServer(site)) return reach === 'machine' ? [] : [onCluster(othersGone(site))];
  return [notInUse(site), ...(site.node.role === 'server' ? [nodeLeaves(site)] : [])];
}
