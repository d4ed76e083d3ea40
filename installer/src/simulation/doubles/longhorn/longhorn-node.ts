import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { fingerprint } from '../event.ts';
import { withConditions, writeStatus } from '../status.ts';
import { longhornObject, longhornPath } from './names.ts';
import { settingOf } from './settings.ts';

const LOOK_SECONDS = 30;

/** Longhorn's own node objects: they come late, with what the manager found on the machine. */
export function longhornNodes(stage: Stage): { appear(node: string): void } {
  const known = new Set<string>();
  const queue = stage.queue(async (name) => {
    const machine = await machineOf(stage, name);
    if (machine === undefined) return;
    const node = (await stage.api.get(`${longhornPath('Node')}/${name}`)) ?? (await create(stage, name));
    await writeStatus(stage, node, await statusOf(stage, machine, node));
  });
  stage.follow({
    path: longhornPath('Node'),
    on: ({ type, object, before }) => {
      if (type === 'MODIFIED' && before?.metadata.generation !== object.metadata.generation)
        queue.add(object.metadata.name);
    },
  });
  return {
    appear(node) {
      if (known.has(node)) return;
      known.add(node);
      // Between half a minute and one and a half, as on real sites.
      queue.addAfter(node, LOOK_SECONDS + 60 * stage.bench.random());
    },
  };
}

async function machineOf(stage: Stage, name: string): Promise<Machine | undefined> {
  const node = await stage.api.get(`/api/v1/nodes/${name}`);
  const id: string | undefined = node?.['status']?.nodeInfo?.bootID;
  return stage.bench.machines.find((one) => one.bootId === id) ?? stage.bench.machines.find((one) => one.name === name);
}

async function create(stage: Stage, name: string): Promise<KubeObject> {
  const disks = await defaultDisks(stage, name);
  return await stage.api.ensure(
    longhornObject('Node', name, { spec: { name, allowScheduling: true, evictionRequested: false, tags: [], disks } }),
  );
}

/** The default disk, unless only labelled nodes are to get one. */
async function defaultDisks(stage: Stage, name: string): Promise<Json> {
  const node = await stage.api.get(`/api/v1/nodes/${name}`);
  const label = node?.metadata.labels?.['node.longhorn.io/create-default-disk'];
  const labelledOnly = (await settingOf(stage, 'create-default-disk-labeled-nodes')) === 'true';
  if (labelledOnly && label !== 'true') return {};
  const path = await settingOf(stage, 'default-data-path');
  const machine = await machineOf(stage, name);
  const share = Number(await settingOf(stage, 'storage-reserved-percentage-for-default-disk'));
  const storageReserved = Math.floor(((machine?.mountAt(path.replace(/\/$/, ''))?.size ?? 0) * share) / 100);
  const disk = {
    path,
    allowScheduling: true,
    diskType: 'filesystem',
    evictionRequested: false,
    storageReserved,
    tags: [],
  };
  return { [`default-disk-${fingerprint(`${name} ${path}`)}`]: disk };
}

async function statusOf(stage: Stage, machine: Machine, node: KubeObject): Promise<Json> {
  const minimal = Number(await settingOf(stage, 'storage-minimal-available-percentage'));
  const before = node['status']?.diskStatus ?? {};
  const diskStatus = Object.fromEntries(
    Object.entries<Json>(node['spec'].disks ?? {}).map(([name, disk]) => [
      name,
      diskOf(stage, machine, name, disk, before[name], minimal),
    ]),
  );
  const scheduling = node['spec'].allowScheduling !== false;
  const own = [
    ...environment(machine),
    ready('Ready', true, '', `Node ${node.metadata.name} is ready`),
    schedulable(scheduling),
  ];
  return {
    conditions: withConditions(node['status']?.conditions, stage.now(), own.map(probed)),
    diskStatus,
    region: '',
    zone: '',
    autoEvicting: false,
  };
}

function schedulable(allowed: boolean) {
  return ready('Schedulable', allowed, 'NodeNotSchedulable', 'scheduling on this node is switched off');
}

/** Longhorn writes these two fields into every condition. */
const probed = (condition: ReturnType<typeof ready>) => ({ ...condition, lastProbeTime: '' });

/** What Longhorn checks on the machine itself (environment_check_monitor.go). */
function environment(machine: Machine) {
  const missing = ['nfs-common', 'open-iscsi', 'cryptsetup', 'dmsetup'].filter((name) => !machine.hasPackage(name));
  const crypt = machine.hasModule('dm_crypt');
  const nfs = machine.hasPackage('nfs-common');
  const multipath = machine.isActive('multipathd') || machine.isActive('multipathd.service');
  return [
    ready('MountPropagation', true, '', ''),
    ready('RequiredPackages', missing.length === 0, 'PackagesNotInstalled', `Missing packages: [${missing.join(' ')}]`),
    ready('KernelModulesLoaded', crypt, 'KernelModulesNotLoaded', 'Kernel modules [dm_crypt] are not loaded'),
    ready(
      'NFSClientInstalled',
      nfs,
      'NFSClientIsNotFound',
      'NFS clients [v4.1 v4.2] not found. At least one should be enabled',
    ),
    ready(
      'Multipathd',
      !multipath,
      'MultipathdIsRunning',
      'multipathd is running with a known issue that affects Longhorn',
    ),
  ];
}

function ready(type: string, good: boolean, reason: string, message: string) {
  return good
    ? { type, status: 'True', reason: '', message: type === 'Ready' ? message : '' }
    : { type, status: 'False', reason, message };
}

function diskOf(stage: Stage, machine: Machine, name: string, disk: Json, before: Json, minimal: number): Json {
  const path: string = disk.path.replace(/\/$/, '');
  const mount = machine.mountAt(path);
  const config = `${path}/longhorn-disk.cfg`;
  const diskUUID = before?.diskUUID ?? fingerprint(`${machine.name} ${path}`);
  if (mount !== undefined && machine.read(config) === undefined)
    machine.write(config, JSON.stringify({ diskName: name, diskUUID, diskState: '' }));
  const supported = mount !== undefined && ['ext4', 'xfs'].includes(mount.filesystem);
  const size = mount?.size ?? 0;
  const available = Math.floor(size * 0.97);
  const room = size > 0 && (available * 100) / size > minimal && available > (disk.storageReserved ?? 0);
  const fits = supported && room && disk.allowScheduling !== false;
  const conditions = [
    ready(
      'Ready',
      supported,
      'UnsupportedFilesystem',
      `disk ${name}(${disk.path}) on node ${machine.name} has no supported file system`,
    ),
    ready(
      'Schedulable',
      fits,
      'DiskPressure',
      `disk ${name}(${disk.path}) on the node ${machine.name} has ${available} available, but requires reserved ${disk.storageReserved}, minimal ${minimal}%`,
    ),
  ];
  return {
    conditions: withConditions(before?.conditions, stage.now(), conditions.map(probed)),
    diskDriver: '',
    diskName: name,
    diskPath: disk.path,
    diskType: disk.diskType ?? 'filesystem',
    diskUUID,
    filesystemType: mount?.filesystem === 'ext4' ? 'ext2/ext3' : (mount?.filesystem ?? ''),
    scheduledReplica: before?.scheduledReplica ?? {},
    storageAvailable: available,
    storageMaximum: size,
    storageScheduled: before?.storageScheduled ?? 0,
  };
}
