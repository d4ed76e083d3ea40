import { KubeClient } from '#kube/client';
import type { Json } from '#kube/json';
import type { Query, Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';
import type { Cluster, KubeObject, ObjectQuery, ObjectRef, Observation } from '#ports/cluster';
import { nameOf, wrapped } from './kube-cluster-faults.ts';
import { KubeObservation } from './kube-cluster-observation.ts';
import { sameObject } from './kube-cluster-same.ts';
import { timelyTransport } from './timely-transport.ts';

/** How long a server that is busy or broken is asked again and again: longer than etcd needs to find a new leader. */
const patience = { attempts: 8, span: 120_000 };

/** A cluster behind any transport, real or simulated, as field manager `novasphere-installer`. */
export class KubeCluster implements Cluster {
  readonly #client: KubeClient;
  readonly #transport: Transport;
  readonly #clock: Clock;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = timelyTransport(transport, clock);
    this.#clock = clock;
    const sleep = clock.sleep.bind(clock);
    const fieldManager = 'novasphere-installer';
    this.#client = new KubeClient({ transport: this.#transport, fieldManager, sleep, ...patience });
  }

  get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return wrapped(`read ${nameOf(ref)}`, () => this.#client.get(ref));
  }

  async list(query: ObjectQuery): Promise<readonly KubeObject[]> {
    return (await wrapped(`list ${query.kind}`, () => this.#client.list(query))).items;
  }

  serves(apiVersion: string, kind: string): Promise<boolean> {
    return wrapped(`ask for ${kind}`, () => this.#client.serves(apiVersion, kind));
  }

  preview(object: KubeObject): Promise<KubeObject> {
    return wrapped('apply', () => this.#client.apply(object, { dryRun: true }), object);
  }

  rehearseCreate(object: KubeObject): Promise<KubeObject> {
    return wrapped('create', () => this.#client.create(object, { dryRun: true }), object);
  }

  async apply(object: KubeObject): Promise<KubeObject> {
    const live = await this.get(refOf(object));
    if (live !== undefined && sameObject(live, await this.preview(object))) return live;
    return wrapped('apply', () => this.#client.apply(object), object);
  }

  async remove(
    ref: ObjectRef,
    options: { readonly propagation?: 'Foreground' | 'Background' | 'Orphan' } = {},
  ): Promise<void> {
    const propagation = options.propagation ?? 'Foreground';
    await wrapped(`delete ${nameOf(ref)}`, () => this.#client.delete(ref, { propagation }));
  }

  async logs(pod: {
    readonly namespace: string;
    readonly name: string;
    readonly container?: string;
    readonly tailLines?: number;
  }): Promise<string | undefined> {
    const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log`;
    const query: Query = {
      ...(pod.container === undefined ? {} : { container: pod.container }),
      ...(pod.tailLines === undefined ? {} : { tailLines: String(pod.tailLines) }),
    };
    const ask = () => this.#client.request({ method: 'GET', path, query });
    const { status, body } = await wrapped(`read the log of pod ${pod.namespace}/${pod.name}`, ask);
    return status === 200 && typeof body === 'string' ? body : undefined;
  }

  async fetch(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const url = new URL(path, 'https://cluster');
    const query = Object.fromEntries(url.searchParams);
    const ask = () => this.#transport.request({ method: 'GET', path: url.pathname, query });
    const { status, body } = await wrapped(`read ${path}`, ask);
    return { status, text: textOf(body) };
  }

  observe(): Observation {
    return new KubeObservation({ client: this.#client, transport: this.#transport, clock: this.#clock, sight: this });
  }
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function textOf(body: Json): string {
  return typeof body === 'string' ? body : JSON.stringify(body ?? '');
}
