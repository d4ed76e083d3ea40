import type { Caches } from '#kube/caches';
import type { KubeObject } from '#kube/object';
import { Controller, type ControllerOptions, type Watched } from '../../runtime/controller.ts';
import { changedIn, wishChanged } from '../../runtime/filters.ts';
import { keyOf } from '../wukong/keys.ts';
import type { Kind } from '../wukong/sight.ts';
import { reconcileSnapshot, type SnapshotPass } from './reconcile-snapshot.ts';

export interface SnapshotController
  extends Pick<ControllerOptions, 'time' | 'log' | 'concurrency' | 'random' | 'observer'> {
  readonly caches: Caches<Kind>;
  /** Everything that a pass works with but its signal. */
  readonly pass: Omit<SnapshotPass, 'signal'>;
}

/** Keeps WukongSnapshots true: woken by a change of theirs, of what KubeVirt makes of them, and of their Wukong. */
export function snapshotController({ caches, pass, ...options }: SnapshotController): Controller {
  const watched = (kind: Kind, keys: Watched['keys'], matters?: Watched['matters']): Watched => ({
    source: { all: () => caches.all(kind), onChange: (handlers) => caches.onChange(kind, handlers) },
    keys,
    ...(matters === undefined ? {} : { matters }),
  });
  const ofWukong = ({ namespace, name }: KubeObject['metadata']) =>
    caches.by('WukongSnapshot', 'wukong', `${namespace}/${name}`).map(keyOf);
  const ofMachine = ({ metadata }: KubeObject) => {
    const wukong = metadata.labels?.['vm.novasphere.dev/wukong'];
    return wukong === undefined ? [] : ofWukong({ ...metadata, name: wukong });
  };
  return new Controller({
    ...options,
    name: 'wukongsnapshot',
    synced: caches.synced,
    about: watched('WukongSnapshot', (one) => [keyOf(one)], wishChanged),
    also: [
      // It is called as its WukongSnapshot is.
      watched('VirtualMachineSnapshot', (one) => [keyOf(one)]),
      watched('Wukong', ({ metadata }) => ofWukong(metadata), wishChanged),
      watched('VirtualMachine', ofMachine, changedIn(business)),
    ],
    reconcile: (key, { signal }) => reconcileSnapshot(key, { ...pass, signal }),
  });
}

/** What a machine is busy with: a snapshot waits for the end of it. */
function business({ status }: KubeObject): unknown {
  return [status?.snapshotInProgress, status?.restoreInProgress];
}
