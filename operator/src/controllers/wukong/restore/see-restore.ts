import type { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { StatusError } from '#kube/status-error';
import { vmName, type Wukong } from '../../../api/wukong.ts';
import type { WukongSnapshot } from '../../../api/wukong-snapshot.ts';
import { controllerOf, ours } from '../ownership.ts';
import { kinds, type Sight } from '../sight.ts';
import { planRestore } from './plan-restore.ts';
import { isKeptWhole, restoreName } from './restore-object.ts';
import type { RestoreSeen } from './seen.ts';

interface Seeing {
  readonly client: KubeClient;
  readonly sight: Sight;
  readonly signal: AbortSignal;
}

/** Reads the copies; and, only while a restore is asked for or not yet cleared away, the server itself. */
export async function seeRestore(wukong: Wukong, seeing: Seeing): Promise<RestoreSeen> {
  const copies = fromCopies(wukong, seeing.sight);
  const asked = wukong.spec.restoreFromSnapshot;
  const own = copies.restores.some((one) => ours(wukong.metadata.uid, one) !== undefined);
  if (asked === copies.recorded && !own) return copies;
  const fresh = await fromServer(wukong, copies, seeing);
  const [wanted] = planRestore(wukong, fresh).objects;
  return wanted === undefined ? fresh : { ...fresh, outdated: await isOutdated(wanted, seeing) };
}

function fromCopies(wukong: Wukong, sight: Sight): RestoreSeen {
  const { namespace, uid } = wukong.metadata;
  const owned = (owner: string | undefined, object: KubeObject | undefined) =>
    object !== undefined && owner !== undefined && controllerOf(object) === owner ? object : undefined;
  const vm = owned(uid, sight.get('VirtualMachine', namespace, vmName(wukong)));
  const asked = wukong.spec.restoreFromSnapshot;
  const isOurConcern = ({ metadata, spec }: KubeObject) =>
    metadata.namespace === namespace &&
    (spec?.target?.name === vmName(wukong) || (asked !== undefined && metadata.name === restoreName(wukong, asked)));
  return {
    served: sight.serves('VirtualMachineRestore'),
    stale: false,
    recorded: wukong.status?.restoredFromSnapshot,
    vm,
    vmi: vm && owned(vm.metadata.uid, sight.get('VirtualMachineInstance', namespace, vmName(wukong))),
    snapshot: asked === undefined ? undefined : (sight.get('WukongSnapshot', namespace, asked) as WukongSnapshot),
    source: undefined,
    content: undefined,
    restores: sight.all('VirtualMachineRestore').filter(isOurConcern),
    outdated: false,
  };
}

/** A copy that lags could show a restore that was asked for long ago as the one that is asked for now. */
async function fromServer(wukong: Wukong, copies: RestoreSeen, { client, signal }: Seeing): Promise<RestoreSeen> {
  const { metadata, spec } = wukong;
  const where = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  const get = (kind: string, apiVersion: string, name: string) =>
    client.get({ apiVersion, kind, name, ...where }, { signal });
  const live = (await get('Wukong', kinds.Wukong, metadata.name)) as Wukong | undefined;
  const stale =
    live?.metadata.uid !== metadata.uid ||
    live?.metadata.generation !== metadata.generation ||
    live?.metadata.deletionTimestamp !== metadata.deletionTimestamp;
  const recorded = live?.status?.restoredFromSnapshot;
  const asked = spec.restoreFromSnapshot;
  if (stale || asked === undefined) return { ...copies, stale, recorded };
  const name = restoreName(wukong, asked);
  const own = await get('VirtualMachineRestore', kinds.VirtualMachineRestore, name);
  const others = copies.restores.filter((one) => one.metadata.name !== name);
  const restores = own === undefined ? others : [...others, own];
  const taken = await get('VirtualMachineSnapshot', kinds.VirtualMachineSnapshot, asked);
  const holds: string | undefined = taken?.['status']?.virtualMachineSnapshotContentName;
  const snapshotApi = kinds.VirtualMachineSnapshot;
  const content = holds === undefined ? undefined : await get('VirtualMachineSnapshotContent', snapshotApi, holds);
  const source: string | undefined = taken?.['status']?.sourceUID;
  return { ...copies, stale, recorded, restores, source, content };
}

/** A field that a release of KubeVirt does not know is dropped without a word; a trial shows it before it matters. */
async function isOutdated(wanted: KubeObject, { client, signal }: Seeing): Promise<boolean> {
  try {
    return !isKeptWhole(await client.create(wanted, { dryRun: true, signal }));
  } catch (error) {
    // What refuses the trial refuses the restore itself too, and is told there.
    if (error instanceof StatusError) return false;
    throw error;
  }
}
