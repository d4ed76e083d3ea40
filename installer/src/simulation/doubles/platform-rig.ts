import type { Json } from '#kube/json';
import { SimulatedApiServer } from '../api-server/simulated-api-server.ts';
import type { Bench, Double, Machine } from '../bench.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { kindPath, pathOf } from './kube-path.ts';
import { quickCluster } from './quick-cluster.ts';

const devices = ['/dev/kvm', '/dev/net/tun', '/dev/vhost-net'];

/** A machine of which nothing is known but its name, its devices and what a test writes on it. */
function bareMachine(name: string, images: Set<string>): Machine {
  const files = new Map<string, string>();
  return {
    name,
    bootId: 'a boot',
    on: true,
    cpus: 8,
    memory: 32 * 2 ** 30,
    hugepages: { '2Mi': 0, '1Gi': 0 },
    addresses: ['10.7.0.10'],
    images,
    read: (path) => files.get(path),
    list: (path) => [...files.keys()].filter((one) => one.startsWith(`${path}/`)),
    write: (path, content) => void files.set(path, content),
    remove: (path) => void files.delete(path),
    hasDevice: (path) => devices.includes(path),
    hasModule: () => true,
    hasPackage: () => true,
    isActive: () => true,
    mountAt: () => undefined,
  };
}

/** For tests of the platform doubles: an API server and one node whose pods are up within a second, as kwok plays it. */
export class PlatformRig {
  readonly clock = new VirtualClock();
  readonly server = new SimulatedApiServer({ clock: this.clock });
  readonly troubles = new Set<string>();
  /** Images that no node has: pods that ask for them never start. */
  readonly missing = new Set<string>();
  readonly machine = bareMachine('node-a', new Set());
  readonly #doubles: readonly Double[];
  #power = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #seed = 7;

  constructor(doubles: readonly Double[]) {
    this.#doubles = doubles;
  }

  start(): void {
    const { clock, server, troubles } = this;
    const bench: Bench = {
      transport: server,
      clock,
      machines: [this.machine],
      troubles: { has: (trouble, subject) => troubles.has(subject === undefined ? trouble : `${trouble} ${subject}`) },
      services: server.services,
      logs: server.logs,
      openApi: (groupVersion, serve) => server.openApi(groupVersion, serve),
      signal: this.#power.signal,
      // A small generator of Park and Miller: the same numbers in every run.
      random: () => (this.#seed = (this.#seed * 48_271) % 2_147_483_647) / 2_147_483_647,
    };
    this.#running = Promise.all([quickCluster(this.missing), ...this.#doubles].map((double) => double(bench)));
    this.#running.catch(() => undefined);
  }

  /** Ends everything as a power cut does; what is stored stays. */
  async stop(): Promise<void> {
    this.#power.abort();
    await this.#running;
  }

  async restart(): Promise<void> {
    await this.stop();
    this.server.drop();
    this.server.up();
    this.#power = new AbortController();
    this.start();
  }

  async create(object: Json, dryRun = false): Promise<Json> {
    const query = dryRun ? { query: { dryRun: 'All' } } : {};
    const { status, body } = await this.server.request({
      method: 'POST',
      path: pathOf(object, 'collection'),
      body: object,
      ...query,
    });
    if (status >= 400) throw new Error((body as Json).message);
    return body;
  }

  /** Patches an object in passing, as a person with kubectl does. */
  async patch(object: Json, change: Json, part = ''): Promise<Json> {
    const path = `${pathOf(object)}${part}`;
    const contentType = 'application/merge-patch+json';
    const { status, body } = await this.server.request({ method: 'PATCH', path, body: change, contentType });
    if (status >= 400) throw new Error((body as Json).message);
    return body;
  }

  async remove(object: Json): Promise<void> {
    const { status, body } = await this.server.request({ method: 'DELETE', path: pathOf(object) });
    if (status >= 400) throw new Error((body as Json).message);
  }

  async get(apiVersion: string, kind: string, name: string, namespace?: string): Promise<Json> {
    const path = pathOf({ apiVersion, kind, metadata: { name, namespace } });
    const { status, body } = await this.server.request({ method: 'GET', path });
    return status === 200 ? body : undefined;
  }

  async list(apiVersion: string, kind: string): Promise<readonly Json[]> {
    const { body } = await this.server.request({ method: 'GET', path: kindPath(apiVersion, kind) });
    // Items of built-in kinds come without their type.
    return ((body as Json).items ?? []).map((item: Json) => ({ apiVersion, kind, ...item }));
  }

  async log(pod: Json, container: string): Promise<string> {
    const { body } = await this.server.request({ method: 'GET', path: `${pathOf(pod)}/log`, query: { container } });
    return String(body);
  }

  /** Lets simulated time pass, second by second, until something is so; answers how many seconds it took. */
  async until(isSo: () => Promise<Json>, seconds = 600): Promise<number> {
    for (let passed = 0; passed < seconds; passed++) {
      const answer = await Promise.race([isSo(), this.#running.then(() => true)]);
      if (answer) return passed;
      await this.clock.sleep(1000);
    }
    throw new Error(`not so after ${seconds} simulated seconds: ${isSo.toString()}`);
  }
}
