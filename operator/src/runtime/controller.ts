import type { KubeObject } from '#kube/object';
import type { Handlers } from '#kube/object-store';
import { abortOf } from './abort.ts';
import type { Matters } from './filters.ts';
import type { Log } from './log.ts';
import { Passes, type Reconcile } from './pass.ts';
import { isConflict, PassCounts } from './pass-counts.ts';
import type { Time } from './time.ts';
import { type Again, type QueueObserver, WorkQueue } from './work-queue.ts';

/** Objects of one kind that a controller looks at; what `Caches` keeps of a kind fits. */
export interface Source {
  all(): readonly KubeObject[];
  onChange(handlers: Handlers): () => void;
}

/** Which keys a change of an object is about. */
export interface Watched {
  readonly source: Source;
  keys(object: KubeObject): readonly string[];
  /** Whether an update is worth a look. Default: every one. */
  readonly matters?: Matters;
}

/** Told how long, in milliseconds, keys waited and were worked on, and how long each pass took. */
export interface ControllerObserver extends QueueObserver {
  passed(milliseconds: number): void;
}

export interface ControllerOptions {
  readonly name: string;
  readonly time: Time;
  /** How many keys are worked on at a time. */
  readonly concurrency: number;
  readonly log: Log;
  /** Settles when what is read is complete: half of it would make what is there look as if it were missing. */
  readonly synced: Promise<unknown>;
  /** The objects that are reconciled: each is added at the start. */
  readonly about: Watched;
  /** Others whose changes matter to them. */
  readonly also?: readonly Watched[];
  readonly reconcile: Reconcile;
  /** Milliseconds that a pass may take. Default: a minute. */
  readonly deadline?: number;
  /** A number in [0, 1) for the jitter of retries. Default: always a half. */
  readonly random?: () => number;
  readonly observer?: ControllerObserver;
}

/** While a controller runs. */
export interface Running {
  /** Aborts: no key is taken any more, and what is under way comes to its end. */
  readonly stop: AbortSignal;
  /** Aborts: what is under way is broken off. */
  readonly fence: AbortSignal;
}

/** Sources → keys → queue → reconcile, as often as something changes or was asked for. */
export class Controller {
  readonly counts = new PassCounts();
  readonly #options: ControllerOptions;
  #queue: WorkQueue | undefined;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get concurrency(): number {
    return this.#options.concurrency;
  }

  /** How its queue stands; undefined before it runs. */
  get queue(): WorkQueue | undefined {
    return this.#queue;
  }

  /** Adds a key that no source told of; of no effect before the controller runs, for then every object is added. */
  add(key: string): void {
    this.#queue?.add(key);
  }

  /** Resolves when nothing is under way any more after `stop`, or at once on `fence`. */
  async run({ stop, fence }: Running): Promise<void> {
    const { about, also = [], synced } = this.#options;
    await Promise.race([abortOf(stop), synced]);
    if (stop.aborted) return;
    const queue = this.#begin(stop, fence);
    const unfollow = [about, ...also].map((one) => this.#follow(one, queue));
    this.#take(about, about.source.all(), queue);
    await abortOf(stop);
    for (const end of unfollow) end();
    await Promise.race([queue.idle(), abortOf(fence)]);
  }

  #begin(stop: AbortSignal, fence: AbortSignal): WorkQueue {
    const { name, time, concurrency, deadline = 60_000, random, observer, reconcile } = this.#options;
    const log = this.#options.log.with({ controller: name });
    const passes = new Passes(time, fence, deadline);
    this.#queue = new WorkQueue({
      time,
      signal: stop,
      concurrency,
      ...(random === undefined ? {} : { random }),
      ...(observer === undefined ? {} : { observer }),
      reconcile: (key) => this.#pass(passes.run(key, reconcile, log)),
      failed: (key, error) => tellFailure(log, key, error),
    });
    return this.#queue;
  }

  async #pass(passing: Promise<Again>): Promise<Again> {
    const { time, observer } = this.#options;
    const began = time.elapsed();
    try {
      const again = await passing;
      this.counts.ended(again);
      return again;
    } catch (error) {
      this.counts.failed(error);
      throw error;
    } finally {
      observer?.passed(time.elapsed() - began);
    }
  }

  #follow(watched: Watched, queue: WorkQueue): () => void {
    const { source, matters = () => true } = watched;
    const changed = (...states: readonly KubeObject[]) => this.#take(watched, states, queue);
    return source.onChange({
      added: changed,
      // What an object was tells whose it is where somebody has taken its owner or its labels away.
      updated: (object, before) => {
        if (matters(object, before)) changed(object, before);
      },
      deleted: changed,
    });
  }

  /** An object that cannot be read as what it should be keeps no other from its pass. */
  #take(watched: Watched, objects: readonly KubeObject[], queue: WorkQueue): void {
    for (const object of objects) {
      try {
        for (const key of watched.keys(object)) queue.add(key);
      } catch (error) {
        const { kind, metadata } = object;
        this.#options.log.error('a change could not be read', {
          controller: this.name,
          kind,
          object: metadata?.name,
          error,
        });
      }
    }
  }
}

function tellFailure(log: Log, key: string, error: unknown): void {
  if (isConflict(error)) log.debug('somebody else wrote first', { key });
  else log.error('reconcile failed', { key, error });
}
