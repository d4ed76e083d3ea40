import type { Query, Request, Response, Transport, WatchEvent, WatchOptions } from '#kube/transport';
import type { Clock } from '#ports/clock';
import type { Fuse } from './bench.ts';

interface Storm {
  readonly status: 429 | 500;
  readonly until: number;
}

/**
 * What lies between a client and the simulated API server: the power of the machine, the validity of the server's
 * certificate, storms of errors and watches that break. With fair weather it only passes on.
 */
export class Weather implements Transport {
  readonly #server: Transport;
  readonly #clock: Clock;
  readonly #fuse: Fuse;
  /** Every change that the installer sent, in order. */
  readonly writes: string[] = [];
  #storm: Storm | undefined;
  #breaking: { readonly every: number; left: number } | undefined;
  #up = false;
  #certifiedSince: number | undefined;

  constructor(server: Transport, clock: Clock, fuse: Fuse) {
    this.#server = server;
    this.#clock = clock;
    this.#fuse = fuse;
  }

  /** The API server listens from now on; its certificate is valid from its first start. */
  up(): void {
    this.#up = true;
    this.#certifiedSince ??= this.#clock.now() - 60_000;
  }

  /** Whether there has ever been a cluster. */
  get wasUp(): boolean {
    return this.#certifiedSince !== undefined;
  }

  down(): void {
    this.#up = false;
  }

  storm({ status, seconds }: { readonly status: 429 | 500; readonly seconds: number }): void {
    this.#storm = { status, until: this.#clock.elapsed() + seconds * 1000 };
  }

  dropWatches({ every, times }: { readonly every: number; readonly times: number }): void {
    this.#breaking = { every, left: times };
  }

  clear(): void {
    this.#storm = undefined;
    this.#breaking = undefined;
  }

  async request(request: Request): Promise<Response> {
    this.#refuseUnreachable();
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;
    if (request.method === 'GET' || request.query?.['dryRun'] === 'All') return this.#server.request(request);
    const what = `${request.method} ${request.path}`;
    const torn = this.#fuse.before(what) === 'torn';
    this.writes.push(what);
    const response = await this.#server.request(request);
    // The server has stored it, and its answer never arrives: the half-done write of a network.
    if (torn) this.#fuse.blow(what);
    this.#fuse.after(what);
    return response;
  }

  async *watch(path: string, query: Query, signal: AbortSignal, options?: WatchOptions): AsyncIterable<WatchEvent> {
    this.#refuseUnreachable();
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    if (this.#breaking !== undefined && this.#breaking.left > 0) {
      this.#breaking.left--;
      const broken = () => over.abort(new Error('read ECONNRESET'));
      this.#clock.sleep(this.#breaking.every * 1000, until).then(broken, () => {});
    }
    try {
      for await (const event of this.#server.watch(path, query, until, options)) yield event;
      if (over.signal.aborted) throw over.signal.reason;
    } finally {
      over.abort();
    }
  }

  #refuseUnreachable(): void {
    if (!this.#up) throw new Error('connect ECONNREFUSED 127.0.0.1:6443');
    if (this.#certifiedSince === undefined || this.#clock.now() >= this.#certifiedSince) return;
    // As Node says it.
    throw Object.assign(new Error('certificate is not yet valid'), { code: 'CERT_NOT_YET_VALID' });
  }

  #refusal(): Response | undefined {
    if (this.#storm === undefined) return undefined;
    if (this.#clock.elapsed() >= this.#storm.until) {
      this.#storm = undefined;
      return undefined;
    }
    const tooMany = this.#storm.status === 429;
    const reason = tooMany ? 'TooManyRequests' : 'InternalError';
    const message = tooMany
      ? 'the server has received too many requests and has asked us to try again later'
      : 'etcdserver: request timed out';
    const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code: this.#storm.status };
    return { status: this.#storm.status, body, ...(tooMany ? { retryAfter: 5 } : {}) };
  }
}
