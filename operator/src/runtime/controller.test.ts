import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { ObjectStore } from '#kube/object-store';
import { VirtualClock } from '#simulation/virtual-clock';
import { Controller, type ControllerOptions } from './controller.ts';
import { changedIn, wishChanged } from './filters.ts';
import { operatorLog } from './log.ts';

const object = (name: string, about: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Wukong',
  metadata: { name, namespace: 'plant', uid: name, generation: 1 },
  ...about,
});
const child = (owner: string, status: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'VirtualMachine',
  metadata: { name: `${owner}-vm`, namespace: 'plant', uid: `${owner}-vm`, labels: { owner } },
  status,
});

let version = 0;
/** A copy of a collection that a test changes by hand. */
function copy(...objects: readonly KubeObject[]) {
  const store = new ObjectStore({ indexes: {}, ordered: false, onTrouble: () => {} });
  const put = (one: KubeObject) =>
    store.put({ ...one, metadata: { ...one.metadata, resourceVersion: String(++version) } });
  for (const one of objects) put(one);
  return { store, put };
}

function rig(about: Partial<ControllerOptions> = {}) {
  const clock = new VirtualClock();
  const wukongs = copy(object('a'), object('b'));
  const machines = copy(child('a', { phase: 'Running' }));
  const synced = Promise.withResolvers<void>();
  const [stop, fence] = [new AbortController(), new AbortController()];
  const runs: string[] = [];
  const lines: string[] = [];
  const keys = ({ metadata }: KubeObject) => [metadata.labels?.['owner'] ?? metadata.name];
  const controller = new Controller({
    name: 'wukong',
    time: clock,
    concurrency: 4,
    log: operatorLog({ destination: { write: (line) => void lines.push(line) } }),
    synced: synced.promise,
    about: { source: wukongs.store, keys, matters: wishChanged },
    also: [{ source: machines.store, keys, matters: changedIn(({ status }) => status?.phase) }],
    reconcile: async (key) => {
      runs.push(key);
      return {};
    },
    ...about,
  });
  const end = controller.run({ stop: stop.signal, fence: fence.signal });
  const begun = async () => {
    synced.resolve();
    await clock.sleep(100);
    runs.length = 0;
  };
  return { clock, wukongs, machines, synced, stop, fence, runs, lines, controller, end, begun };
}

describe('a controller', () => {
  it('reconciles nothing before its copies are complete, and then every object', async () => {
    const { clock, runs, synced } = rig();

    await clock.sleep(60_000);
    expect(runs).toEqual([]);
    synced.resolve();
    await clock.sleep(100);

    expect(runs).toEqual(['a', 'b']);
  });

  it('ends at once when it is told to stop before its copies are complete', async () => {
    const { runs, stop, end } = rig();

    stop.abort();
    await end;

    expect(runs).toEqual([]);
  });

  it('reconciles an object that comes, is changed by somebody, or goes; not when only its status changes', async () => {
    const { clock, wukongs, runs, begun } = rig();
    await begun();

    wukongs.put(object('c'));
    wukongs.put(object('a', { status: { phase: 'Running' } }));
    const b = object('b');
    wukongs.put({ ...b, metadata: { ...b.metadata, generation: 2 } });
    wukongs.store.delete(object('b'));
    await clock.sleep(100);

    // Gone while the key waited or was worked on: one more look at most.
    expect(new Set(runs)).toEqual(new Set(['c', 'b']));
  });

  it.for([
    ['a finalizer', { finalizers: ['x'] }],
    ['a label', { labels: { a: 'b' } }],
    ['an annotation', { annotations: { a: 'b' } }],
    ['an owner', { ownerReferences: [{ apiVersion: 'v1', kind: 'A', name: 'a', uid: 'a' }] }],
    ['the request to delete it', { deletionTimestamp: '2026-11-21T06:00:00Z' }],
  ])('reconciles an object that was given %s', async ([, metadata]) => {
    const { clock, wukongs, runs, begun } = rig();
    await begun();

    const a = object('a');
    wukongs.put({ ...a, metadata: { ...a.metadata, ...(metadata as object) } });
    await clock.sleep(100);

    expect(runs).toEqual(['a']);
  });

  it('reconciles the owner of a child only when what is read of the child changes', async () => {
    const { clock, machines, runs, begun } = rig();
    await begun();

    for (let beat = 0; beat < 100; beat++) machines.put(child('a', { phase: 'Running', beat }));
    await clock.sleep(100);
    expect(runs).toEqual([]);
    machines.put(child('a', { phase: 'Stopped' }));
    await clock.sleep(100);

    expect(runs).toEqual(['a']);
  });

  it('reconciles both owners of a child that changed hands', async () => {
    const { clock, machines, runs, begun } = rig({ also: [] });
    await begun();
    expect(runs).toEqual([]);
    const other = rig();
    await other.begun();

    const moved = child('a', { phase: 'Stopped' });
    other.machines.put({ ...moved, metadata: { ...moved.metadata, labels: { owner: 'b' } } });
    machines.put(moved);
    await Promise.all([clock.sleep(100), other.clock.sleep(100)]);

    expect([runs, other.runs]).toEqual([[], ['b', 'a']]);
  });

  it('goes on with the others when one object cannot be read', async () => {
    const { clock, wukongs, runs, lines, begun } = rig();
    await begun();

    wukongs.put({ ...object('odd'), metadata: { ...object('odd').metadata, labels: null as never } });
    wukongs.put({ apiVersion: 'v1', kind: 'Wukong', metadata: { ...object('c').metadata } });
    await clock.sleep(100);
    expect(runs).toEqual(['odd', 'c']);

    const broken = rig({
      about: {
        source: wukongs.store,
        keys: ({ metadata }) => {
          if (metadata.name === 'odd') throw new Error('no owner');
          return [metadata.name];
        },
      },
    });
    await broken.begun();
    wukongs.put(object('d'));
    await broken.clock.sleep(100);

    expect(broken.runs).toEqual(['d']);
    expect(JSON.parse(broken.lines[0] ?? '')).toMatchObject({
      level: 'error',
      msg: 'a change could not be read',
      controller: 'wukong',
      object: 'odd',
      error: { message: 'no owner' },
    });
    expect(lines).toEqual([]);
  });
});
