import type { Query, Request, Response, Transport, WatchEvent, WatchOptions } from '#kube/transport';
import type { Clock } from '#ports/clock';
import { type Access, accessReview } from './access-review.ts';
import { Admission } from './admission.ts';
import { Aggregated, type ApiHandler } from './aggregated.ts';
import { answer } from './answer.ts';
import { startChores } from './chores.ts';
import type { Core } from './core.ts';
import { PodLogs } from './pod-logs.ts';
import { Power } from './power.ts';
import { Refusal, refuse } from './refusal.ts';
import { Registry } from './registry.ts';
import { route } from './route.ts';
import { seed } from './seed.ts';
import { Serials } from './serials.ts';
import { Store } from './store.ts';
import { refused, watch } from './watch.ts';
import { Webhooks } from './webhooks.ts';

export interface ApiServerOptions {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** How many changes of a kind a watch can resume over. Default: 1000. */
  readonly history?: number;
}

/** One request as tests see it afterwards. */
export interface Logged {
  readonly method: string;
  readonly path: string;
  readonly dryRun: boolean;
  readonly status: number;
}

export type Intercept = (request: Request) => Response | undefined;

/** A Kubernetes API server in memory, on the simulated clock: the seam between a rehearsal and a real cluster. */
export class SimulatedApiServer implements Transport {
  readonly services = new Webhooks();
  readonly logs = new PodLogs();
  readonly log: Logged[] = [];
  /** Asked before every request; what it returns is the answer. */
  intercept: Intercept | undefined;
  /** What access reviews answer; nothing else asks for it. Default: everything is allowed. */
  may: (access: Access) => boolean = () => true;
  readonly #core: Core;
  readonly #power: Power;
  readonly #aggregated: Aggregated;
  #failures: { readonly when: (request: Request) => boolean; readonly response: Response }[] = [];

  constructor({ clock, history = 1000 }: ApiServerOptions) {
    const store = new Store(history);
    const oldest = () => this.#oldest;
    const serials = new Serials();
    this.#core = {
      store,
      registry: new Registry(),
      clock,
      admission: new Admission(store, this.services),
      serials,
      skippedRules: new Set(),
      oldest,
    };
    this.#power = new Power(clock);
    this.#aggregated = new Aggregated(this.#core, this.#power.later);
    startChores(this.#core, this.#power.later, () => this.#aggregated.unreachable());
    seed(this.#core);
  }

  #oldest = 0;

  async request(request: Request): Promise<Response> {
    const current = this.#power.require();
    request.signal?.throwIfAborted();
    const response = this.#forced(request) ?? (await this.#answer(request));
    this.log.push({
      method: request.method,
      path: request.path,
      dryRun: request.query?.['dryRun'] === 'All',
      status: response.status,
    });
    current();
    return response;
  }

  watch(
    path: string,
    query: Query,
    signal: AbortSignal,
    { accept, onOpen }: WatchOptions = {},
  ): AsyncIterable<WatchEvent> {
    this.#power.require();
    const request: Request = { method: 'GET', path, query: { ...query, watch: 'true' }, signal };
    const forced = this.#forced(request);
    if (forced !== undefined && forced.status >= 400) return refused(asRefusal(forced));
    const at = route(path);
    const kind = at === undefined ? undefined : this.#core.registry.at(at.group, at.version, at.plural);
    if (at === undefined || kind === undefined) return refused(refuse.noSuchResource());
    const named = at.name === undefined ? {} : { fieldSelector: `metadata.name=${at.name}` };
    const watched = { kind, namespace: at.namespace, query: { ...query, ...named }, signal, accept, onOpen };
    return watch(this.#core, watched, (open) => this.#power.opened(open, Number(query['timeoutSeconds'] ?? 2700)));
  }

  /** The current revision: equal before and after means that nothing was written. */
  get revision(): number {
    return this.#core.store.revision;
  }

  /** How many requests since the start would have changed something: writes without dry run that were not refused. */
  get writes(): number {
    return this.log.filter(({ method, dryRun, status }) => method !== 'GET' && !dryRun && status < 400).length;
  }

  /** CEL rules of other projects that could not be read and were not asked. */
  get skippedRules(): readonly string[] {
    return [...this.#core.skippedRules];
  }

  /** The power goes: watches break, requests reject, open webhooks and APIs are gone; what is stored stays. */
  drop(): void {
    this.#power.drop();
    this.services.closeAll();
    this.#aggregated.closeAll();
  }

  /** Its database was removed: what starts next is another cluster. */
  format(): void {
    const { store, registry } = this.#core;
    for (const { metadata } of store.list('apiextensions.k8s.io/customresourcedefinitions'))
      registry.forget(metadata.name);
    store.clear();
    seed(this.#core);
  }

  /** The power is back. */
  up(): void {
    this.#power.up();
  }

  /** Breaks every open watch, as a restart of a load balancer does. */
  dropWatches(): void {
    this.#power.breakWatches();
  }

  /** Forgets the history: watches and pages that began before are told 410. */
  compact(): void {
    this.#core.store.compact();
    this.#oldest = this.#core.store.revision;
  }

  /** The next request that fits is answered like this. */
  failNext(when: (request: Request) => boolean, response: Response): void {
    this.#failures.push({ when, response });
  }

  /** Serves an aggregated API (`subresources.kubevirt.io/v1`) for which an APIService exists. Returns how to stop. */
  openApi(groupVersion: string, handler: ApiHandler): () => void {
    return this.#aggregated.open(groupVersion, handler);
  }

  #forced(request: Request): Response | undefined {
    const index = this.#failures.findIndex(({ when }) => when(request));
    const [failure] = index === -1 ? [] : this.#failures.splice(index, 1);
    return failure?.response ?? this.intercept?.(request);
  }

  async #answer(request: Request): Promise<Response> {
    try {
      const review = accessReview(request, (access) => this.may(access));
      if (review !== undefined) return review;
      return await answer({ core: this.#core, logs: this.logs, aggregated: this.#aggregated }, request);
    } catch (error) {
      if (error instanceof Refusal) return error.response();
      throw error;
    }
  }
}

function asRefusal({ status, body }: Response): Refusal {
  const about = body as { message?: string; reason?: string } | null;
  return new Refusal({
    code: status,
    message: about?.message ?? `HTTP ${status}`,
    ...(about?.reason ? { reason: about.reason } : {}),
  });
}
