import { systemClock } from '#adapters/system-clock';
import type { Json } from '#kube/json';
import { conditionIn, type WukongBed } from './wukong-bed.ts';

const own = 'vm.novasphere.dev/v1alpha1';
const snapshots = 'snapshot.kubevirt.io/v1beta1';
const attachments = 'k8s.cni.cncf.io/v1';
const image = 'quay.io/kubevirt/cirros-container-disk-demo:v1.8.4';

const root = { name: 'root', size: '1Gi', boot: true, image };
const scratch = { name: 'scratch', size: '64Mi' };
const kept = { name: 'kept', size: '1Gi', deletePolicy: 'Retain', image };
const pods = { name: 'default' };
const lan = { name: 'lan', type: 'bridge', bridgeName: 'br-lan', vlanId: 12 };

/** Whatever can be asked of the operator for one machine, from its making to its end. */
export async function lifeOfAMachine(bed: WukongBed): Promise<void> {
  await made(bed);
  await pausedAndGoneOn(bed);
  await changed(bed);
  await snapshotTakenAndRestored(bed);
  await disksAndNetworksTakenAway(bed);
  await bed.remove('lathe');
  await bed.until('lathe', (one) => one === undefined);
}

/** A bridge of the nodes that is made for a machine, and goes with it. */
export async function lifeOfABridge(bed: WukongBed): Promise<void> {
  const bridge = { name: 'lan', type: 'bridge', bridgeName: 'br-mill', physicalInterface: 'port0' };
  await bed.make('mill', { cpu: 1, memory: '128Mi', disks: [scratch], networks: [pods, bridge] });
  await bed.running('mill');
  await bed.remove('mill');
  await bed.until('mill', (one) => one === undefined);
}

/** With an imported disk, an empty one, one to be kept, a network of its own, a password and a key. */
async function made(bed: WukongBed): Promise<void> {
  const authorized_keys = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f keys';
  const metadata = { namespace: 'default', name: 'keys' };
  await bed.admin.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { authorized_keys } });
  await bed.make('lathe', {
    cpu: 1,
    memory: '128Mi',
    disks: [root, scratch, kept],
    networks: [pods, lan],
    cloudInitUser: { name: 'plant', password: 'a long one' },
    sshKeySecret: 'keys',
  });
  await bed.running('lathe');
}

async function pausedAndGoneOn(bed: WukongBed): Promise<void> {
  await bed.edit('lathe', { power: 'Paused' });
  await bed.until('lathe', (one) => conditionIn(one, 'Ready').startsWith('False VMPaused'));
  await bed.edit('lathe', { power: 'On' });
  await bed.running('lathe');
}

/** A network that is another one, and a disk that grows. */
async function changed(bed: WukongBed): Promise<void> {
  await bed.edit('lathe', { networks: [pods, { ...lan, vlanId: 13 }] });
  await bed.edit('lathe', { disks: [root, { ...scratch, size: '128Mi' }, kept] });
  const isGrown = (one: Json) => one.name === 'scratch' && one.capacity === '128Mi';
  await bed.until('lathe', ({ status }) => status.volumes.some(isGrown));
}

async function snapshotTakenAndRestored(bed: WukongBed): Promise<void> {
  const metadata = { namespace: 'default', name: 'before' };
  await bed.admin.create({ apiVersion: own, kind: 'WukongSnapshot', metadata, spec: { wukongName: 'lathe' } });
  await seen(async () => (await bed.get(own, 'WukongSnapshot', 'before')).status?.phase === 'Succeeded');
  await bed.edit('lathe', { power: 'Off' });
  await bed.until('lathe', ({ status }) => status.phase === 'Stopped');
  await bed.edit('lathe', { restoreFromSnapshot: 'before' });
  await bed.until('lathe', ({ status }) => status.restoredFromSnapshot === 'before');
  await bed.edit('lathe', { restoreFromSnapshot: null, power: 'On' });
  await bed.running('lathe');
  await bed.admin.delete({ apiVersion: own, kind: 'WukongSnapshot', ...metadata });
  await gone(bed, snapshots, 'VirtualMachineSnapshot', 'before');
}

async function disksAndNetworksTakenAway(bed: WukongBed): Promise<void> {
  await bed.edit('lathe', { networks: [pods], disks: [root], power: 'Off' });
  await gone(bed, 'v1', 'PersistentVolumeClaim', 'lathe-scratch');
  await gone(bed, attachments, 'NetworkAttachmentDefinition', 'lathe-lan-nad');
}

/** Waits until it is gone, or will be once the machines of the bed let go of it. */
async function gone(bed: WukongBed, apiVersion: string, kind: string, name: string): Promise<void> {
  await seen(async () => {
    const left = await bed.get(apiVersion, kind, name);
    return left === undefined || left.metadata.deletionTimestamp !== undefined;
  });
}

/** Waits until something is so; a minute at most. */
export async function seen(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`it never became so: ${isSo.toString()}`);
    await systemClock().sleep(50);
  }
}
