import type { KubeClock } from './clock.ts';
import type { Discovery } from './discovery.ts';
import { keeper } from './kept-object.ts';
import { blindly, type KindNews } from './kind-news.ts';
import type { KubeObject } from './object.ts';
import { Reflector } from './reflector.ts';
import type { ReflectorHealth } from './reflector-health.ts';
import type { Transport } from './transport.ts';

export interface ServedKindsOptions {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly clock: KubeClock;
  readonly random?: () => number;
  readonly onTrouble?: (error: unknown) => void;
}

const definitions = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
/** A kind is served, or not any more, some time after its definition has changed: the pauses between questions. */
const echoes = [0, 250, 500, 1000, 2000, 4000, 8000, 16_000];

/** News of kinds from one watch of the definitions' metadata. */
export class ServedKinds implements KindNews {
  readonly #clock: KubeClock;
  readonly #reflector: Reflector;
  readonly #heard = new Map<string, number>();
  readonly #echoing = new Map<string, AbortController>();
  readonly #waiting = new Set<() => void>();
  readonly #removed = new Set<(name: string) => void>();

  constructor(options: ServedKindsOptions) {
    this.#clock = options.clock;
    const keep = keeper({ ...definitions, metadataOnly: true, transform: nameAlone });
    this.#reflector = new Reflector({ ...options, query: definitions, metadataOnly: true, keep });
  }

  health(): ReflectorHealth {
    return { ...this.#reflector.health(), needed: false };
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const changed = ({ metadata }: KubeObject) => void this.#echo(groupOf(metadata.name), signal);
    const stop = this.#reflector.onChange({
      added: changed,
      updated: changed,
      deleted: (definition) => {
        for (const handler of this.#removed) handler(definition.metadata.name);
        changed(definition);
      },
    });
    await this.#reflector.run(signal);
    stop();
  }

  onRemoved(handler: (name: string) => void): () => void {
    this.#removed.add(handler);
    return () => this.#removed.delete(handler);
  }

  heardOf(group: string): number {
    return this.#heard.get(group) ?? 0;
  }

  async more(group: string, than: number, signal: AbortSignal): Promise<void> {
    while (this.heardOf(group) <= than) {
      await this.#sleep(signal);
      if (this.#isBlind) return;
    }
  }

  /** Whether the definitions cannot be watched, for want of the right to it or of an answer. */
  get #isBlind(): boolean {
    const { synced, healthy } = this.#reflector.health();
    return !synced || !healthy;
  }

  /** Sleeps until there is any news, or for a while. */
  async #sleep(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#waiting.add(wake);
    await this.#clock.sleep(blindly, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    this.#waiting.delete(wake);
    signal.throwIfAborted();
  }

  /** Something has changed about a group: told now and, as the server takes its time, a few times later on. */
  async #echo(group: string, signal: AbortSignal): Promise<void> {
    this.#echoing.get(group)?.abort();
    const echoing = new AbortController();
    this.#echoing.set(group, echoing);
    const either = AbortSignal.any([signal, echoing.signal]);
    for (const pause of echoes) {
      const slept = await this.#clock.sleep(pause, either).then(
        () => true,
        () => false,
      );
      if (!slept) return;
      this.#heard.set(group, this.heardOf(group) + 1);
      for (const wake of this.#waiting) wake();
    }
  }
}

function nameAlone({ metadata, ...type }: KubeObject): KubeObject {
  const { name, uid = '', resourceVersion = '' } = metadata;
  return { ...type, metadata: { name, uid, resourceVersion } };
}

/** A definition is named after its plural and its group. */
function groupOf(definition: string): string {
  return definition.slice(definition.indexOf('.') + 1);
}
