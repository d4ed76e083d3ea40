import { KubeClient, UnservedKind } from '#kube/client';
import type { Json } from '#kube/json';
import { refOf } from '#kube/ref';
import { StatusError } from '#kube/status-error';
import type { Query, Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';
import type { Cluster, KubeObject, ObjectQuery, ObjectRef, Observation } from '#ports/cluster';
import { isByHand } from './kube-cluster-by-hand.ts';
import { nameOf, wrapped } from './kube-cluster-faults.ts';
import { KubeObservation } from './kube-cluster-observation.ts';
import { isApplied } from './kube-cluster-owned.ts';
import { sameObject } from './kube-cluster-same.ts';
import { timelyTransport } from './timely-transport.ts';

/** How long a server that is busy or broken is asked again and again: longer than etcd needs to find a new leader. */
const patience = { attempts: 8, span: 120_000 };
const manager = 'novasphere-installer';

/** A cluster behind any transport, real or simulated, as field manager `novasphere-installer`. */
export class KubeCluster implements Cluster {
  readonly #client: KubeClient;
  readonly #transport: Transport;
  readonly #clock: Clock;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = timelyTransport(transport, clock);
    this.#clock = clock;
    const sleep = clock.sleep.bind(clock);
    this.#client = new KubeClient({ transport: this.#transport, fieldManager: manager, sleep, ...patience });
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

  async preview(object: KubeObject, known?: KubeObject): Promise<KubeObject> {
    const live = known ?? (await this.get(refOf(object)));
    if (live !== undefined && (await this.#isApplied(live, object))) return live;
    return wrapped('apply', () => this.#send(object, { dryRun: true }), object, live);
  }

  rehearseCreate(object: KubeObject): Promise<KubeObject> {
    return wrapped('create', () => this.#client.create(object, { dryRun: true }), object);
  }

  async apply(object: KubeObject, known?: KubeObject | 'absent'): Promise<KubeObject> {
    const live = known === 'absent' ? undefined : (known ?? (await this.get(refOf(object))));
    if (live !== undefined && (await this.#isSo(object, live))) return live;
    const made = await wrapped('apply', () => this.#send(object), object, live);
    // What a definition says of its kind may be another thing from now on.
    if (object.kind === 'CustomResourceDefinition') this.#forgetKindsOf(object);
    return made;
  }

  merge(ref: ObjectRef, change: object): Promise<KubeObject | undefined> {
    return wrapped(`change ${nameOf(ref)}`, () => this.#client.patch(ref, change).catch(unlessGone));
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
    readonly previous?: boolean;
  }): Promise<string | undefined> {
    const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log`;
    const query: Query = {
      ...(pod.container === undefined ? {} : { container: pod.container }),
      ...(pod.tailLines === undefined ? {} : { tailLines: String(pod.tailLines) }),
      ...(pod.previous === true ? { previous: 'true' } : {}),
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

  /** Whether an apply would change nothing, by the server's own dry run; looked at again where somebody has just written. */
  async #isSo(object: KubeObject, known: KubeObject): Promise<boolean> {
    let live: KubeObject | undefined = known;
    for (let looks = 1; live !== undefined; looks++) {
      const preview = await this.preview(object, live);
      if (sameObject(live, preview)) return true;
      if (looks === 3 || preview.metadata.resourceVersion === live.metadata.resourceVersion) return false;
      live = await this.get(refOf(object));
    }
    return false;
  }

  /** What somebody has changed by hand is taken back: it is shown before, like every other change. */
  #send(object: KubeObject, options: { readonly dryRun?: true } = {}): Promise<KubeObject> {
    return this.#client.apply(object, options).catch((error: unknown) => {
      if (!isByHand(error)) throw error;
      return this.#client.apply(object, { ...options, force: true });
    });
  }

  async #isApplied(live: KubeObject, object: KubeObject): Promise<boolean> {
    if (live.metadata.deletionTimestamp !== undefined) return false;
    const { apiVersion, kind } = object;
    const served = await wrapped(`ask for ${kind}`, () => this.#client.discovery.find(apiVersion, kind));
    return isApplied(live, object, { manager, ignoresStatus: served?.subresources.includes('status') ?? false });
  }

  #forgetKindsOf({ spec }: KubeObject): void {
    for (const version of spec?.versions ?? []) this.#client.discovery.forget(`${spec.group}/${version.name}`);
  }
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof StatusError && error.code === 404) && !(error instanceof UnservedKind)) throw error;
}

function textOf(body: Json): string {
  return typeof body === 'string' ? body : JSON.stringify(body ?? '');
}
