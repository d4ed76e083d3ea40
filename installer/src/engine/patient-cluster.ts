import type { Clock } from '#ports/clock';
import type { Cluster } from '#ports/cluster';
import { Fault } from './fault.ts';
import type { Wait } from './pass.ts';
import { formatSpan } from './span.ts';
import { minute, second } from './step.ts';

export interface ClusterPatience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  waiting(wait: Wait): void;
  answered(seconds: number): void;
  /** What is thrown when the wait was asked to end. */
  stopped(): Fault;
}

/** Longer than a server needs to start, shorter than anybody looks at a standing screen. */
const limit = 5 * minute;
const slowAfter = 1 * minute;
const every = 2 * second;
const repeatAfter = 30 * second;

/**
 * A cluster for whoever acts on it: while the API server does not answer, every call waits and is made again, for five
 * minutes at most. All that a cluster is asked may be asked twice. Observations fail at once: gates have their own patience.
 */
export function patientCluster(cluster: Cluster, patience: ClusterPatience): Cluster {
  const outage = new Outage(cluster, patience);
  const patiently = <Words extends readonly unknown[], Answer>(ask: (...words: Words) => Promise<Answer>) => {
    return (...words: Words): Promise<Answer> => outage.over(() => ask(...words));
  };
  return {
    get: patiently((ref) => cluster.get(ref)),
    list: patiently((query) => cluster.list(query)),
    serves: patiently((apiVersion, kind) => cluster.serves(apiVersion, kind)),
    preview: patiently((object, live) => cluster.preview(object, live)),
    rehearseCreate: patiently((object) => cluster.rehearseCreate(object)),
    logs: patiently((pod) => cluster.logs(pod)),
    fetch: patiently((path) => cluster.fetch(path)),
    observe: () => cluster.observe(),
    apply: patiently((object, known) => cluster.apply(object, known)),
    merge: patiently((ref, change) => cluster.merge(ref, change)),
    remove: patiently((ref, options) => cluster.remove(ref, options)),
  };
}

/** The times in which the API server does not answer: told once, however many calls wait. */
class Outage {
  readonly #cluster: Cluster;
  readonly #patience: ClusterPatience;
  #current: Promise<void> | undefined;

  constructor(cluster: Cluster, patience: ClusterPatience) {
    this.#cluster = cluster;
    this.#patience = patience;
  }

  async over<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const { clock } = this.#patience;
    let began: number | undefined;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isAbsence(error)) throw error;
        began ??= clock.elapsed();
        if (clock.elapsed() - began >= limit) throw given(error, clock.elapsed() - began);
        this.#current ??= this.#end(error).finally(() => {
          this.#current = undefined;
        });
        await this.#current;
      }
    }
  }

  /** Settles when the server answers again, or when there is no use in waiting any longer. */
  async #end(first: Fault): Promise<void> {
    const { clock, signal, waiting, answered, stopped } = this.#patience;
    const [began, since] = [clock.elapsed(), clock.now()];
    let told = Number.NEGATIVE_INFINITY;
    for (let fault: Fault | undefined = first; fault !== undefined; fault = await this.#absence()) {
      const waited = clock.elapsed() - began;
      if (waited >= limit) return;
      if (clock.elapsed() - told >= repeatAfter) {
        told = clock.elapsed();
        waiting({ because: fault.record().because.join(': '), since, slow: waited >= slowAfter });
      }
      // Whatever ends the sleep early, it is the run that was asked to stop.
      await clock.sleep(every, signal).catch(() => {
        throw stopped();
      });
    }
    answered(Math.round((clock.elapsed() - began) / 1000));
  }

  /** Why the server does not answer now; undefined when it does. */
  async #absence(): Promise<Fault | undefined> {
    try {
      const { status, text } = await this.#cluster.fetch('/readyz');
      return status < 500 ? undefined : notReady(status, text);
    } catch (error) {
      if (isAbsence(error)) return error;
      throw error;
    }
  }
}

function isAbsence(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'CLUSTER-UNREACHABLE';
}

function notReady(status: number, text: string): Fault {
  const [line = ''] = text.split('\n').filter((one) => one.startsWith('[-]'));
  const cause = `it says of itself that it is not ready yet (HTTP ${status}${line === '' ? '' : `, ${line.slice(3)}`})`;
  return new Fault({ code: 'CLUSTER-UNREACHABLE', message: 'The API server is not ready', cause, remedy: ['wait'] });
}

/** The fault after all that patience. */
function given({ code, message, cause, where, evidence, remedy }: Fault, waited: number): Fault {
  const told = `waited ${formatSpan(waited)} for it to answer again`;
  return new Fault({ code, message, cause, where, evidence: [...evidence, told], remedy });
}
