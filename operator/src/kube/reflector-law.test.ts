import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { KubeClient } from './client.ts';
import { Discovery } from './discovery.ts';
import type { KubeObject } from './object.ts';
import { Reflector } from './reflector.ts';

type Change = { readonly what: 'write' | 'delete' | 'replace'; readonly name: string };

type Happening =
  | Change
  /** While nobody looks, and forgotten afterwards. */
  | { readonly what: 'unseen'; readonly changes: readonly Change[] }
  | { readonly what: 'break' | 'forget' | 'down' | 'up' | 'fail' }
  | { readonly what: 'wait'; readonly milliseconds: number };

const name = fc.constantFrom('a', 'b', 'c');
const change: fc.Arbitrary<Change> = fc.record({ what: fc.constantFrom('write', 'delete', 'replace'), name });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: change },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('unseen'), changes: fc.array(change, { maxLength: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('break', 'forget', 'down', 'up', 'fail') }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('wait'), milliseconds: fc.nat(40_000) }) },
);

/** A server to which anything may happen, and what is told of its ConfigMaps. */
class Story {
  readonly clock = new VirtualClock();
  readonly server = new SimulatedApiServer({ clock: this.clock, history: 4 });
  readonly client = new KubeClient({
    transport: this.server,
    fieldManager: 'law',
    sleep: this.clock.sleep.bind(this.clock),
  });
  readonly reflector = new Reflector({
    transport: this.server,
    discovery: new Discovery((path) => this.server.request({ method: 'GET', path })),
    query: { apiVersion: 'v1', kind: 'ConfigMap', labelSelector: 'law=yes' },
    clock: this.clock,
  });
  /** What somebody knows who only listens. */
  readonly told = new Map<string, KubeObject>();
  readonly wrong: string[] = [];
  #writes = 0;
  #up = true;

  constructor() {
    const known = ({ metadata }: KubeObject) => this.told.get(metadata.name)?.metadata.uid === metadata.uid;
    const check = (fits: boolean, what: string, one: KubeObject) => {
      if (!fits) this.wrong.push(`${what} ${one.metadata.name}`);
    };
    this.reflector.onChange({
      added: (one) => {
        check(!this.told.has(one.metadata.name), 'added', one);
        this.told.set(one.metadata.name, one);
      },
      updated: (one, before) => {
        check(known(one) && this.told.get(one.metadata.name) === before, 'updated', one);
        this.told.set(one.metadata.name, one);
      },
      deleted: (one) => {
        check(known(one), 'deleted', one);
        this.told.delete(one.metadata.name);
      },
    });
  }

  async happen(happening: Happening): Promise<void> {
    if (happening.what === 'wait') return this.clock.sleep(happening.milliseconds);
    if (happening.what === 'unseen') return this.#unseen(happening.changes);
    if ('name' in happening) return this.#change(happening);
    if (happening.what === 'break') this.server.dropWatches();
    if (happening.what === 'forget') this.server.compact();
    if (happening.what === 'fail') this.server.failNext(({ query }) => query?.['labelSelector'] !== undefined, busy);
    if (happening.what === 'down' || happening.what === 'up') this.power(happening.what === 'up');
  }

  power(up: boolean): void {
    if (up && !this.#up) this.server.up();
    if (!up && this.#up) this.server.drop();
    this.#up = up;
  }

  async #unseen(changes: readonly Change[]): Promise<void> {
    this.server.dropWatches();
    for (const one of changes) await this.#change(one);
    this.server.compact();
  }

  async #change({ what, name: one }: Change): Promise<void> {
    if (!this.#up) return;
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: one, namespace: 'default' };
    if (what !== 'write') await this.client.delete(ref);
    if (what === 'delete') return;
    const metadata = { name: one, namespace: 'default', labels: { law: 'yes' } };
    await this.client.apply({ ...ref, metadata, data: { writes: String(this.#writes++) } });
  }
}

const busy = { status: 500, body: { kind: 'Status', message: 'etcdserver: request timed out' } };
const sorted = (objects: Iterable<KubeObject>) =>
  [...objects].toSorted((one, other) => one.metadata.name.localeCompare(other.metadata.name));

describe('a reflector, whatever happens', () => {
  it('ends up with what the server holds, and so does who only listened to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (happenings) => {
        const story = new Story();
        const stop = new AbortController();
        const running = story.reflector.run(stop.signal);

        for (const one of happenings) await story.happen(one);
        story.power(true);
        await story.clock.sleep(70_000);
        stop.abort();
        await running;

        const { items } = await story.client.list({ apiVersion: 'v1', kind: 'ConfigMap', labelSelector: 'law=yes' });
        expect(sorted(story.reflector.all())).toEqual(sorted(items));
        expect(sorted(story.told.values())).toEqual(sorted(items));
        expect(story.wrong).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
