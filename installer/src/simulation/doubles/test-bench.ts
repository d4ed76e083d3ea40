import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Request } from '#kube/transport';
import { SimulatedApiServer } from '../api-server/simulated-api-server.ts';
import type { Bench, Double, Trouble } from '../bench.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { pathOf } from './kube-path.ts';
import { type TestMachine, testMachine } from './test-machine.ts';

/** An API server, a virtual clock and machines, with the doubles under test running on them. */
export class TestBench {
  readonly clock = new VirtualClock();
  readonly server = new SimulatedApiServer({ clock: this.clock });
  readonly troubles = new Set<Trouble>();
  readonly machine: TestMachine;
  readonly machines: readonly TestMachine[];
  readonly #failures: unknown[] = [];
  #life = new AbortController();
  #seed = 1;

  constructor(...machines: readonly TestMachine[]) {
    this.machines = machines.length === 0 ? [testMachine()] : machines;
    this.machine = this.machines[0] as TestMachine;
  }

  start(doubles: readonly Double[]): void {
    const bench: Bench = {
      transport: this.server,
      clock: this.clock,
      machines: this.machines,
      troubles: { has: (trouble) => this.troubles.has(trouble) },
      services: this.server.services,
      logs: this.server.logs,
      openApi: (groupVersion, serve) => this.server.openApi(groupVersion, serve),
      signal: this.#life.signal,
      random: () => this.#random(),
    };
    for (const double of doubles) double(bench).catch((error: unknown) => this.#failures.push(error));
  }

  /** The power goes: the doubles end, the objects stay. */
  stop(): void {
    this.#life.abort();
    this.#life = new AbortController();
  }

  async apply(...objects: readonly KubeObject[]): Promise<void> {
    for (const object of objects) await this.#applyOne(object);
  }

  async get(path: string): Promise<KubeObject> {
    return (await this.#ask({ method: 'GET', path })) as KubeObject;
  }

  /** Everything of a collection, or what has the label. */
  async list(path: string, labelSelector?: string): Promise<readonly KubeObject[]> {
    const query = labelSelector === undefined ? {} : { labelSelector };
    return ((await this.#ask({ method: 'GET', path, query })) as Json).items;
  }

  async patch(path: string, body: Json): Promise<void> {
    await this.#ask({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
  }

  async remove(path: string): Promise<void> {
    await this.#ask({ method: 'DELETE', path });
  }

  /** Lets simulated time pass; a double that failed meanwhile fails the test. */
  async pass(seconds: number): Promise<void> {
    await this.clock.sleep(seconds * 1000);
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** What a container printed, by `namespace/pod/container`. */
  async log(name: string): Promise<string> {
    const [namespace, pod, container = ''] = name.split('/');
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
    return (await this.#ask({ method: 'GET', path, query: { container } })) as string;
  }

  async #applyOne(object: KubeObject): Promise<void> {
    const query = { fieldManager: 'test', force: 'true' };
    const contentType = 'application/apply-patch+yaml';
    const request = { method: 'PATCH', path: pathOf(object), query, body: object, contentType } as const;
    const response = await this.server.request(request);
    if (response.status < 400) return;
    // A CRD of a moment ago is not served yet.
    await this.clock.sleep(1000);
    await this.#ask(request);
  }

  async #ask(request: Request): Promise<unknown> {
    const response = await this.server.request(request);
    if (response.status < 400) return response.body;
    throw new Error(`${request.method} ${request.path}: ${response.status} ${JSON.stringify(response.body)}`);
  }

  #random(): number {
    this.#seed = (this.#seed * 16_807) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }
}
