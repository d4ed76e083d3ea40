import type { KubeClient } from '#kube/client';
import { refOf } from '#kube/ref';
import type { WukongSnapshot } from '../../api/wukong-snapshot.ts';
import type { Again } from '../../runtime/work-queue.ts';
import { applyAll } from '../wukong/apply.ts';
import type { Sight } from '../wukong/sight.ts';
import type { Trouble } from '../wukong/trouble.ts';
import { writeStatus } from '../wukong/write-status.ts';
import { planSnapshot } from './plan-snapshot.ts';
import { seeSnapshot } from './see-snapshot.ts';

/** What one pass over a WukongSnapshot works with. */
export interface SnapshotPass {
  readonly client: KubeClient;
  readonly sight: Sight;
  /** Aborts with the lead: nothing may be written afterwards. */
  readonly signal: AbortSignal;
  /** ISO time, to the second. */
  now(): string;
}

/** Nobody tells when KubeVirt's feature gate is switched on, or when a name becomes free. */
const lookAgain = 60_000;
/** A status that was written here wakes nobody, so its copy has to be waited for. */
const copiesCatchUp = 1_000;

/** One pass for one WukongSnapshot: observe → plan → apply the difference → status. Sends nothing when nothing differs. */
export async function reconcileSnapshot(key: string, pass: SnapshotPass): Promise<Again> {
  const [namespace = '', name = ''] = key.split('/');
  const snapshot = pass.sight.get('WukongSnapshot', namespace, name) as WukongSnapshot | undefined;
  // What KubeVirt keeps goes with its VirtualMachineSnapshot, which goes with the WukongSnapshot that owns it.
  if (snapshot === undefined || snapshot.metadata.deletionTimestamp !== undefined) return {};
  const seen = await seeSnapshot(snapshot, pass);
  const plan = planSnapshot(snapshot, seen);
  const first = plan.objects.length > 0 && seen.taken === undefined;
  if (first && (await isStale(snapshot, pass))) return { after: copiesCatchUp };
  const outcomes = await applyAll(plan.objects, { ...pass, owners: [snapshot.metadata.uid] });
  const trouble = outcomes.find((one) => one.trouble !== undefined)?.trouble;
  await writeStatus(snapshot, plan.status(pass.now(), trouble), pass);
  return outcomeOf(trouble);
}

/** What was taken and then lost is not taken again, so a snapshot is only asked for on its newest word. */
async function isStale(snapshot: WukongSnapshot, { client, signal }: SnapshotPass): Promise<boolean> {
  const live = await client.get(refOf(snapshot), { signal });
  return live?.metadata.resourceVersion !== snapshot.metadata.resourceVersion;
}

function outcomeOf(trouble: Trouble | undefined): Again {
  if (trouble === undefined) return {};
  if (trouble.terminal || trouble.reason.endsWith('Conflict')) return { after: lookAgain };
  throw new Error(trouble.message);
}
