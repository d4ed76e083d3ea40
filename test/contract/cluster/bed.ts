import { KubeClient } from '#kube/client';
import type { KubeObject, ObjectRef } from '#kube/object';
import type { Request, Response, Transport, WatchEvent } from '#kube/transport';

/** An API server to make claims about: the simulated one, or a real one. */
export interface Bed {
  readonly transport: Transport;
  /** Lets so much time pass on the server's clock. */
  pass(milliseconds: number): Promise<void>;
  now(): number;
  /** Makes the server forget every version before now, as a compaction and a restart do. */
  forgetHistory(): Promise<void>;
  close?(): Promise<void>;
}

export type MakeBed = () => Promise<Bed>;

/** What the claims of the contract are made with: a client, a namespace of its own, and short words. */
export class Site {
  readonly bed: Bed;
  readonly client: KubeClient;
  readonly namespace: string;

  private constructor(bed: Bed, namespace: string) {
    this.bed = bed;
    this.namespace = namespace;
    this.client = this.as('contract');
  }

  static async open(bed: Bed): Promise<Site> {
    const client = new KubeClient({ transport: bed.transport, fieldManager: 'contract', sleep: (ms) => bed.pass(ms) });
    const made = await client.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { generateName: 'contract-' } as unknown as KubeObject['metadata'],
    });
    return new Site(bed, made.metadata.name);
  }

  as(fieldManager: string): KubeClient {
    return new KubeClient({ transport: this.bed.transport, fieldManager, sleep: (ms) => this.bed.pass(ms) });
  }

  send(request: Request): Promise<Response> {
    return this.bed.transport.request(request);
  }

  configMap(name: string, data: Record<string, string> = {}, metadata: object = {}): KubeObject {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: this.namespace, ...metadata }, data };
  }

  get configMaps(): string {
    return `/api/v1/namespaces/${this.namespace}/configmaps`;
  }

  /** Where a ConfigMap of this namespace is. */
  ref(name: string): ObjectRef {
    return { apiVersion: 'v1', kind: 'ConfigMap', name, namespace: this.namespace };
  }

  /** One write, and what the server says to it: its answer or its refusal, as it comes. */
  async tried(
    method: 'POST' | 'PUT' | 'APPLY' | 'MERGE',
    path: string,
    body: unknown,
    query: object = {},
  ): Promise<any> {
    const types = { APPLY: 'application/apply-patch+yaml', MERGE: 'application/merge-patch+json' };
    const patches = method === 'APPLY' || method === 'MERGE';
    const request = { method: patches ? 'PATCH' : method, path, body, query: { fieldManager: 'contract', ...query } };
    const contentType = patches ? types[method] : 'application/json';
    return (await this.send({ ...request, contentType } as Request)).body;
  }

  /** Waits until a look finds something; fails after thirty seconds of the server's time. */
  async until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
    for (const begin = this.bed.now(); this.bed.now() - begin < 30_000; await this.bed.pass(100)) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    }
    throw new Error('it did not come about within 30 s');
  }

  /** Collects the events of a watch until there are enough of them. */
  async watched(path: string, query: Record<string, string>, count: number): Promise<WatchEvent[]> {
    const stop = new AbortController();
    const events: WatchEvent[] = [];
    for await (const event of this.bed.transport.watch(path, query, stop.signal)) {
      events.push(event);
      if (events.length >= count) stop.abort();
    }
    return events;
  }

  /** The version of the collection, as a list tells it. */
  async version(path: string): Promise<string> {
    const { body } = await this.send({ method: 'GET', path });
    return (body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
  }
}

/** The refusal of something that must not succeed. */
export async function refusal(promise: Promise<unknown>): Promise<any> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it should have been refused');
}
