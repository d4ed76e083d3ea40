import type { KubeObject } from '#kube/object';
import { TokenBucket } from '#kube/token-bucket';
import type { Transport } from '#kube/transport';
import { eventName, eventNamespace, eventObject, type Happening, repetition, type Series } from './event-object.ts';
import { EventSeries, type Telling } from './event-series.ts';
import type { Time } from './time.ts';
import { WakeUp } from './wake-up.ts';

export interface EventRecorderOptions {
  /** Its writes should be fenced: who does not lead any more has nothing to tell. */
  readonly transport: Transport;
  readonly time: Time;
  /** Who tells it: the name of the pod. */
  readonly instance: string;
}

/** Little against what reconciling costs: two hundred new machines do not wait for their events. */
const rate = { perSecond: 50, burst: 20 };

/**
 * Tells people what happened to an object, as Kubernetes events. Recording never waits and never throws: events are
 * sent one after the other behind the back of who records them, and one that cannot be sent is only counted.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = new EventSeries();
  readonly #counts = { sent: 0, failed: 0 };
  readonly #wake: WakeUp;
  #rung = Promise.withResolvers<void>();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#wake = new WakeUp(options.time, () => this.#rung.resolve());
  }

  /** What became of events so far; `dropped`: too many at once, or too many about one object. */
  get counts(): { readonly sent: number; readonly failed: number; readonly dropped: number } {
    return { ...this.#counts, dropped: this.#series.dropped };
  }

  /** Says that something has happened to an object: for each time that it happens, not for each look at it. */
  record(object: KubeObject, happening: Happening): void {
    const { time } = this.#options;
    this.#series.add(object, happening, time.now(), time.elapsed());
    this.#wake.at(this.#series.earliest);
  }

  /** Sends what is recorded, until it is told to stop. */
  async run({ stop }: { readonly stop: AbortSignal }): Promise<void> {
    const { time } = this.#options;
    const bucket = new TokenBucket(rate);
    stop.addEventListener('abort', () => this.#rung.resolve(), { once: true });
    while (!stop.aborted) {
      for (const telling of this.#series.take(time.elapsed())) {
        await time.sleep(bucket.wait(time.elapsed()), stop).catch(() => {});
        if (stop.aborted) break;
        await this.#send(telling, stop);
      }
      this.#wake.at(this.#series.earliest);
      await this.#rung.promise;
      this.#rung = Promise.withResolvers();
    }
    this.#wake.cancel();
  }

  async #send({ series, isNew }: Telling, signal: AbortSignal): Promise<void> {
    try {
      const isTold = (!isNew && (await this.#repeat(series, signal))) || (await this.#create(series, signal));
      this.#counts[isTold ? 'sent' : 'failed']++;
    } catch {
      this.#counts.failed++;
    }
  }

  async #create(series: Series, signal: AbortSignal): Promise<boolean> {
    const body = eventObject(series, this.#options.instance);
    const path = collection(series);
    const { status } = await this.#options.transport.request({ method: 'POST', path, body, signal });
    return status === 201;
  }

  /** False as well when the server has forgotten it: it keeps events for an hour. */
  async #repeat(series: Series, signal: AbortSignal): Promise<boolean> {
    const path = `${collection(series)}/${eventName(series, this.#options.instance)}`;
    const body = repetition(series);
    const contentType = 'application/merge-patch+json';
    const { status } = await this.#options.transport.request({ method: 'PATCH', path, body, contentType, signal });
    return status === 200;
  }
}

function collection(series: Series): string {
  return `/apis/events.k8s.io/v1/namespaces/${eventNamespace(series)}/events`;
}
