import type { KubeClient } from '#kube/client';
import type { Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';
import type { ClusterSight, KubeObject, ObjectQuery, ObjectRef, Observation } from '#ports/cluster';
import { wrapped } from './kube-cluster-faults.ts';
import { KubeLook } from './kube-cluster-look.ts';

export interface ObservationParts {
  readonly client: KubeClient;
  readonly transport: Transport;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly sight: ClusterSight;
}

/** Milliseconds between looks at what sends no events: logs, pages, dry runs, kinds that are not served yet. */
const every = 2000;

/** Watches whatever is read through it. */
export class KubeObservation implements Observation {
  readonly sight: ClusterSight;
  readonly #parts: ObservationParts;
  readonly #looks = new Map<string, KubeLook>();
  readonly #closing = new AbortController();
  #polls = false;
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
    if (this.#polls) this.#parts.clock.sleep(every, waking.signal).then(resolve, () => undefined);
    this.#wake = resolve;
    try {
      await promise;
    } finally {
      this.#wake = undefined;
      waking.abort();
      signal.removeEventListener('abort', abort);
      this.#polls = false;
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
      this.#polls = true;
      return reading;
    };
    return {
      get: (ref) => this.#get(ref),
      list: (query) => this.#list(query),
      serves: (apiVersion, kind) => polled(direct.serves(apiVersion, kind)),
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
    const items = await wrapped(`list ${query.kind}`, () => look.read());
    if (!look.isServed) this.#polls = true;
    return items;
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
