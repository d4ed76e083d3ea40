import type { KubeClient } from '#kube/client';
import type { Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';
import type { ClusterSight, KubeObject, ObjectQuery, ObjectRef, Observation } from '#ports/cluster';
import { wrapped } from './kube-cluster-faults.ts';
import { KubeLook } from './kube-cluster-look.ts';

export interface ObservationParts {
  readonly client: KubeClient;
  readonly transport: Transport;
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>;
  readonly sight: ClusterSight;
}

/** Milliseconds between looks at what sends no events: logs, pages, dry runs. */
const every = 2000;
/** A kind whose definition is Established is served within moments: looked for sooner, then more and more seldom. */
const soon = 50;

/** Watches whatever is read through it. */
export class KubeObservation implements Observation {
  readonly sight: ClusterSight;
  readonly #parts: ObservationParts;
  readonly #looks = new Map<string, KubeLook>();
  readonly #closing = new AbortController();
  /** How long to wait before what sends no events is looked at again; infinite where nothing of that kind was read. */
  #pause = Number.POSITIVE_INFINITY;
  #sooner = soon;
  #wake: (() => void) | undefined;

  constructor(parts: ObservationParts) {
    this.#parts = parts;
    this.sight = this.#observed(parts.sight);
  }

  async changed(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#hasNews()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const waking = new AbortController();
    if (this.#pause < Number.POSITIVE_INFINITY)
      this.#parts.clock.sleep(this.#pause, waking.signal).then(resolve, () => undefined);
    this.#wake = resolve;
    try {
      await promise;
    } finally {
      this.#wake = undefined;
      waking.abort();
      signal.removeEventListener('abort', abort);
      if (this.#pause === this.#sooner) this.#sooner = Math.min(this.#sooner * 2, every);
      this.#pause = Number.POSITIVE_INFINITY;
    }
  }

  /** News is told once, also of what a gate no longer reads: it would otherwise be called again without end. */
  #hasNews(): boolean {
    const old = [...this.#looks.values()].filter((look) => look.isOld);
    for (const look of old) look.acknowledge();
    return old.length > 0;
  }

  close(): void {
    this.#closing.abort();
    this.#looks.clear();
  }

  #observed(direct: ClusterSight): ClusterSight {
    const polled = <T>(reading: Promise<T>): Promise<T> => {
      this.#again(every);
      return reading;
    };
    return {
      get: (ref) => this.#get(ref),
      list: (query) => this.#list(query),
      serves: (apiVersion, kind) => this.#serves(direct, apiVersion, kind),
      preview: (object) => polled(direct.preview(object)),
      rehearseCreate: (object) => polled(direct.rehearseCreate(object)),
      logs: (pod) => polled(direct.logs(pod)),
      fetch: (path) => polled(direct.fetch(path)),
      observe: () => direct.observe(),
    };
  }

  async #get({ name, ...where }: ObjectRef): Promise<KubeObject | undefined> {
    const found = await this.#list({ ...where, fieldSelector: `metadata.name=${name}` });
    const namespace = where.namespace ?? 'default';
    return found.find(({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace);
  }

  async #list(query: ObjectQuery): Promise<readonly KubeObject[]> {
    const look = this.#look(query);
    try {
      return await wrapped(`list ${query.kind}`, () => look.read());
    } finally {
      // Nothing tells when a kind is served, or when a server that did not answer is back.
      if (!look.isWatched) this.#again(every);
    }
  }

  async #serves(direct: ClusterSight, apiVersion: string, kind: string): Promise<boolean> {
    const served = await direct.serves(apiVersion, kind);
    if (served) return true;
    this.#again(this.#sooner);
    return false;
  }

  #again(pause: number): void {
    this.#pause = Math.min(this.#pause, pause);
  }

  #look(query: ObjectQuery): KubeLook {
    const key = JSON.stringify(query);
    const known = this.#looks.get(key);
    if (known !== undefined) return known;
    const { client, transport, clock } = this.#parts;
    const changed = () => this.#wake?.();
    const look = new KubeLook({ client, transport, clock, query, changed, signal: this.#closing.signal });
    this.#looks.set(key, look);
    return look;
  }
}
