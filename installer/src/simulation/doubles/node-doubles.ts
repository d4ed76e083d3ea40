import type { Double } from '../bench.ts';
import { k3sDouble } from './k3s/k3s.ts';
import { longhornDouble } from './longhorn/longhorn.ts';
import { nmstateDouble } from './nmstate/nmstate.ts';
import { nodeDouble } from './node/node.ts';
import { programs } from './node/programs.ts';
import { snapshotterDouble } from './snapshotter/snapshotter.ts';
import { storageDouble } from './workloads/storage.ts';
import { workloadsDouble } from './workloads/workloads.ts';

/** A node and what stands on it beneath the virtual machines. Multus needs no double of its own: it is a program in a pod. */
export const nodeDoubles: readonly Double[] = [
  nodeDouble(programs),
  workloadsDouble,
  storageDouble,
  k3sDouble,
  snapshotterDouble,
  longhornDouble,
  nmstateDouble,
];
