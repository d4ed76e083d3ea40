import type { KubeObject } from '#kube/object';
import { SimulatedApiServer } from '../api-server/simulated-api-server.ts';
import type { Bench, Double, Machine, Trouble } from '../bench.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { pathOf } from './kube-path.ts';

const PAUSE = 'docker.io/rancher/mirrored-pause:3.6';

/** A machine for tests of doubles: files in a map, everything else as told. */
export interface TestMachine extends Machine {
  readonly files: Map<string, string>;
  readonly images: Set<string>;
  readonly packages: Set<string>;
  readonly modules: Set<string>;
  readonly units: Set<string>;
  readonly devices: Set<string>;
  bootId: string;
  hugepages: Record<'2Mi' | '1Gi', number>;
}

/** A machine on which k3s runs, ready for everything that the installer puts there. */
export function testMachine(name = 'plant-7-a'): TestMachine {
  const files = new Map<string, string>();
  const machine: TestMachine = {
    name,
    files,
    bootId: `${name}-boot-1`,
    on: true,
    cpus: 8,
    memory: 32 * 2 ** 30,
    hugepages: { '2Mi': 0, '1Gi': 0 },
    addresses: ['10.7.0.10/24'],
    images: new Set([PAUSE]),
    packages: new Set(['open-iscsi', 'nfs-common', 'cryptsetup', 'dmsetup', 'network-manager']),
    modules: new Set(['iscsi_tcp', 'dm_crypt']),
    units: new Set(['k3s', 'NetworkManager']),
    devices: new Set(['/dev/kvm']),
    read: (path) => files.get(path),
    list: (path) => namesIn(files, path),
    write: (path, content) => void files.set(path, content),
    remove: (path) => void files.delete(path),
    hasDevice: (path) => machine.devices.has(path),
    hasModule: (module) => machine.modules.has(module),
    hasPackage: (wanted) => machine.packages.has(wanted),
    isActive: (unit) => machine.units.has(unit),
    mountAt: () => ({ device: '/dev/sdb1', filesystem: 'ext4', size: 500 * 2 ** 30 }),
  };
  for (const [nic, state] of [
    ['mgmt0', 'up'],
    ['lan0', 'up'],
  ] as const) {
    files.set(`/sys/class/net/${nic}/operstate`, `${state}\n`);
    files.set(`/sys/class/net/${nic}/address`, '3c:ec:ef:00:00:01\n');
  }
  return machine;
}

function namesIn(files: Map<string, string>, folder: string): string[] {
  const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
  return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].toSorted();
}

/** An API server, a virtual clock and machines, with the doubles under test running on them. */
export interface TestBench {
  readonly bench: Bench;
  readonly server: SimulatedApiServer;
  readonly clock: VirtualClock;
  readonly machine: TestMachine;
  readonly troubles: Set<Trouble>;
  start(doubles: readonly Double[]): void;
  /** The power goes: the doubles end, the objects stay. */
  stop(): void;
  apply(...objects: readonly KubeObject[]): Promise<void>;
  get(path: string): Promise<KubeObject>;
  list(path: string): Promise<readonly KubeObject[]>;
  remove(path: string): Promise<void>;
  pass(seconds: number): Promise<void>;
  /** What a container printed. */
  log(container: string): Promise<string>;
}

export function testBench(machine: TestMachine = testMachine()): TestBench {
  const clock = new VirtualClock();
  const server = new SimulatedApiServer({ clock });
  const troubles = new Set<Trouble>();
  let life = new AbortController();
  let seed = 1;
  const failures: unknown[] = [];
  const bench: Bench = {
    transport: server,
    clock,
    machines: [machine],
    troubles: { has: (trouble) => troubles.has(trouble) },
    services: server.services,
    logs: server.logs,
    get signal() {
      return life.signal;
    },
    random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
  };
  const ask = async (method: 'GET' | 'DELETE', path: string) => {
    const response = await server.request({ method, path });
    if (response.status >= 400)
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(response.body)}`);
    return response.body as KubeObject;
  };
  return {
    bench,
    server,
    clock,
    machine,
    troubles,
    start(doubles) {
      for (const double of doubles)
        double({ ...bench, signal: life.signal }).catch((error: unknown) => failures.push(error));
    },
    stop() {
      life.abort();
      life = new AbortController();
    },
    apply: async (...objects) => {
      for (const object of objects) await applyOne(server, object);
    },
    get: (path) => ask('GET', path),
    list: async (path) => (await ask('GET', path))['items'],
    remove: async (path) => void (await ask('DELETE', path)),
    async pass(seconds) {
      await clock.sleep(seconds * 1000);
      if (failures.length > 0) throw failures[0];
    },
    log: async (container) => {
      const [namespace, pod, name] = container.split('/');
      const query = { container: name ?? '' };
      const response = await server.request({
        method: 'GET',
        path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
        query,
      });
      return String(response.body);
    },
  };
}

async function applyOne(server: SimulatedApiServer, object: KubeObject): Promise<void> {
  const response = await server.request({
    method: 'PATCH',
    path: pathOf(object),
    query: { fieldManager: 'test', force: 'true' },
    body: object,
    contentType: 'application/apply-patch+yaml',
  });
  if (response.status >= 400)
    throw new Error(`${object.kind} ${object.metadata.name}: ${JSON.stringify(response.body)}`);
}
