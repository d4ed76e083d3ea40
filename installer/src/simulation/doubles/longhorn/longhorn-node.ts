import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { fingerprint } from '../event.ts';
import { withConditions, writeStatus } from '../status.ts';
import { diskOf } from './disk.ts';
import { machineChecks, verdict } from './machine-checks.ts';
import { longhornObject, longhornPath } from './names.ts';
import { settingOf } from './settings.ts';

const LOOK_SECONDS = 30;

/** Longhorn's own node objects: they come late, with what the manager found on the machine. */
export function longhornNodes(stage: Stage, lives: () => boolean): { appear(node: string): void } {
  const known = new Set<string>();
  const queue = stage.queue(async (name) => {
    const machine = await machineOf(stage, name);
    if (machine === undefined || !lives()) return;
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
  stage.bench.troubles.onChange?.(() => {
    for (const node of known) queue.addAfter(node, LOOK_SECONDS);
  }, stage.bench.signal);
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
      diskOf({ machine, name, disk, before: before[name], minimal, now: stage.now(), troubles: stage.bench.troubles }),
    ]),
  );
  const scheduling = node['spec'].allowScheduling !== false;
  const own = [
    ...machineChecks(machine, stage.bench.troubles.has('longhorn-packages-missing', machine.name)),
    verdict('Ready', true, '', ''),
    verdict('Schedulable', scheduling, 'NodeNotSchedulable', 'scheduling on this node is switched off'),
  ];
  return {
    conditions: withConditions(node['status']?.conditions, stage.now(), own),
    diskStatus,
    region: '',
    zone: '',
    autoEvicting: false,
  };
}
