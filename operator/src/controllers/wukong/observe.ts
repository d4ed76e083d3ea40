import type { KubeObject } from '#kube/object';
import { vmName, type Wukong } from '../../api/wukong.ts';
import { secretNames } from './cloud-init/plan-cloud-init.ts';
import type { CloudInitSeen } from './cloud-init/seen.ts';
import type { DisksSeen } from './disks/seen.ts';
import type { NetworksSeen } from './networks/seen.ts';
import { ours } from './ownership.ts';
import type { Pass } from './pass.ts';
import { seeRestore } from './restore/see-restore.ts';
import type { RestoreSeen } from './restore/seen.ts';
import type { SecretText } from './secret-data.ts';

/** Everything of the cluster that one Wukong's desired state and status depend on. */
export interface Observed {
  readonly vm: KubeObject | undefined;
  readonly vmi: KubeObject | undefined;
  readonly networks: NetworksSeen;
  readonly disks: Omit<DisksSeen, 'restoring'>;
  readonly cloudInit: CloudInitSeen;
  readonly restore: RestoreSeen;
}

/** The machine of a Wukong and its instance, where they are its own. */
export function machineOf(wukong: Wukong, { sight }: Pick<Pass, 'sight'>): Pick<Observed, 'vm' | 'vmi'> {
  const { namespace, uid } = wukong.metadata;
  const vm = ours(uid, sight.get('VirtualMachine', namespace, vmName(wukong)));
  const vmi = vm && ours(vm.metadata.uid, sight.get('VirtualMachineInstance', namespace, vmName(wukong)));
  return { vm, vmi };
}

/** Reads the copies; the server itself only for Secrets that have changed, and while a restore is under way. */
export async function observe(wukong: Wukong, pass: Pass): Promise<Observed> {
  const machine = machineOf(wukong, pass);
  return {
    ...machine,
    networks: { ...seeNetworks(pass), ...machine },
    disks: { ...seeDisks(wukong, pass), ...machine },
    cloudInit: await seeCloudInit(wukong, pass),
    restore: await seeRestore(wukong, pass),
  };
}

function seeNetworks({ sight, settings }: Pass): Omit<NetworksSeen, 'vm' | 'vmi'> {
  const kubevirt: readonly string[] = sight
    .all('KubeVirt')
    .flatMap((one) => Object.keys(one['spec']?.configuration?.network?.binding ?? {}));
  const others = (index: string) => (value: string) => alive(sight.by('Wukong', index, value));
  return {
    serves: {
      nad: sight.serves('NetworkAttachmentDefinition'),
      nncp: sight.serves('NodeNetworkConfigurationPolicy'),
    },
    nad: (namespace, name) => sight.get('NetworkAttachmentDefinition', namespace, name),
    policy: (name) => sight.get('NodeNetworkConfigurationPolicy', undefined, name),
    bindings: kubevirt,
    settings,
    nodes: settings.nmstate ? sight.all('Node') : [],
    nodeStates: settings.nmstate ? sight.all('NodeNetworkState') : [],
    usersOf: others('bridge'),
    holdersOf: others('address'),
  };
}

function seeDisks(wukong: Wukong, { sight }: Pass): Omit<DisksSeen, 'restoring' | 'vm' | 'vmi'> {
  const { namespace } = wukong.metadata;
  return {
    claim: (name) => sight.get('PersistentVolumeClaim', namespace, name),
    dataVolume: (name) => sight.get('DataVolume', namespace, name),
    storageClasses: sight.all('StorageClass'),
    profile: (name) => sight.get('StorageProfile', undefined, name),
    serves: { dataVolume: sight.serves('DataVolume') },
    // One that is being deleted counts as well: its machine may still write.
    claimUsers: (claim) => wukongs(sight.by('Wukong', 'claim', `${namespace}/${claim}`)),
  };
}

async function seeCloudInit(wukong: Wukong, { sight, secrets, signal, passwords }: Pass): Promise<CloudInitSeen> {
  const { namespace, name, uid } = wukong.metadata;
  const copy = (secret: string) => sight.get('Secret', namespace, secret);
  const texts = new Map<string, SecretText | undefined>();
  for (const secret of secretNames(wukong)) texts.set(secret, await secrets.read(copy(secret), signal));
  const own = ours(uid, copy(`${name}-cloudinit`));
  const stored = await secrets.read(own, signal);
  return { stored, secret: (secret) => texts.get(secret), passwords };
}

function alive(objects: readonly KubeObject[]): readonly Wukong[] {
  return wukongs(objects).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

function wukongs(objects: readonly KubeObject[]): readonly Wukong[] {
  return objects as unknown as readonly Wukong[];
}
