import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#ports/cluster';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { KubeCluster } from './kube-cluster.ts';

let clock: VirtualClock;
let server: SimulatedApiServer;
let cluster: KubeCluster;
beforeEach(() => {
  clock = new VirtualClock();
  server = new SimulatedApiServer({ clock });
  cluster = new KubeCluster(server, clock);
});

const settings = (data: object = { a: '1' }, name = 'settings'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});
const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: 'default' };
describe('applying', () => {
  it('sends nothing when the object is already so', async () => {
    await cluster.apply(settings());
    const before = server.writes;

    await cluster.apply(settings());

    expect(server.writes).toBe(before);
  });

  it('writes as novasphere-installer', async () => {
    const made = await cluster.apply(settings());

    expect(made.metadata.managedFields).toMatchObject([{ manager: 'novasphere-installer', operation: 'Apply' }]);
  });

  it('previews what it would do, and does nothing', async () => {
    await cluster.apply(settings());
    const before = server.revision;

    const preview = await cluster.preview(settings({ a: '2' }));

    expect(preview['data']).toEqual({ a: '2' });
    expect(server.revision).toBe(before);
  });

  it('rehearses a create with a generated name', async () => {
    const metadata = { generateName: 'probe-', namespace: 'default' } as unknown as KubeObject['metadata'];

    const made = await cluster.rehearseCreate({ ...settings(), metadata });

    expect(made.metadata.name).toMatch(/^probe-/);
    expect(await cluster.list({ apiVersion: 'v1', kind: 'ConfigMap' })).toEqual([]);
  });
});

describe('removing', () => {
  it('is not an error when there is nothing', async () => {
    await expect(cluster.remove(ref)).resolves.toBeUndefined();
    await expect(cluster.remove({ ...ref, apiVersion: 'example.com/v1', kind: 'Thing' })).resolves.toBeUndefined();
  });
});

describe('reading', () => {
  it('finds nothing of a kind that is not served, and finds it once it is', async () => {
    const things = { apiVersion: 'example.com/v1', kind: 'Thing' };
    expect([await cluster.get({ ...things, name: 'x' }), await cluster.list(things)]).toEqual([undefined, []]);
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
    await cluster.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
      spec: { group: 'example.com', scope: 'Cluster', names: { plural: 'things', kind: 'Thing' }, versions },
    });
    await clock.sleep(1000);

    await cluster.apply({ ...things, metadata: { name: 'x' } });

    expect(await cluster.get({ ...things, name: 'x' })).toBeDefined();
  });

  it('gives logs as text and no logs as nothing', async () => {
    expect(await cluster.logs({ namespace: 'default', name: 'nobody' })).toBeUndefined();
  });

  it('fetches plain pages with their query', async () => {
    expect(await cluster.fetch('/readyz?verbose')).toEqual({
      status: 200,
      text: expect.stringContaining('readyz check passed'),
    });
  });
});

describe('an observation', () => {
  const never = new AbortController().signal;

  it('settles when what was read has changed', async () => {
    await cluster.apply(settings());
    const observation = cluster.observe();
    expect((await observation.sight.get(ref))?.['data']).toEqual({ a: '1' });
    const changed = observation.changed(never);

    await cluster.apply(settings({ a: '2' }));
    await changed;

    expect((await observation.sight.get(ref))?.['data']).toEqual({ a: '2' });
    observation.close();
  });

  it('settles when something appears that was looked for, and at once when it already has', async () => {
    const observation = cluster.observe();
    expect(await observation.sight.get(ref)).toBeUndefined();

    await cluster.apply(settings());
    await clock.sleep(1);
    await observation.changed(never);

    expect(await observation.sight.get(ref)).toBeDefined();
    observation.close();
  });

  it('does not settle for what was not read', async () => {
    const observation = cluster.observe();
    await observation.sight.get({ ...ref, name: 'other' });
    let settled = false;
    observation.changed(never).then(
      () => (settled = true),
      () => undefined,
    );

    await cluster.apply(settings());
    await clock.sleep(60_000);

    expect(settled).toBe(false);
    observation.close();
  });

  it('watches once, however often it reads', async () => {
    await cluster.apply(settings());
    const observation = cluster.observe();
    for (let count = 0; count < 5; count++) await observation.sight.get(ref);

    expect(
      server.log.filter(({ method, path }) => method === 'GET' && path === '/api/v1/namespaces/default/configmaps'),
    ).toHaveLength(1);
    observation.close();
  });

  it('looks again after a watch has broken or its history is gone', async () => {
    await cluster.apply(settings());
    const observation = cluster.observe();
    await observation.sight.get(ref);
    await clock.sleep(1);

    server.dropWatches();
    await observation.changed(never);
    server.compact();

    expect((await observation.sight.get(ref))?.['data']).toEqual({ a: '1' });
    const changed = observation.changed(never);
    await cluster.apply(settings({ a: '2' }));
    await changed;
    expect((await observation.sight.get(ref))?.['data']).toEqual({ a: '2' });
    observation.close();
  });

  it('looks again every two seconds at what sends no events', async () => {
    const observation = cluster.observe();
    await observation.sight.fetch('/readyz');

    await observation.changed(never);

    expect(clock.elapsed()).toBe(2000);
    observation.close();
  });

  it('looks again at kinds that are not served yet', async () => {
    const observation = cluster.observe();
    await observation.sight.list({ apiVersion: 'example.com/v1', kind: 'Thing' });

    await observation.changed(never);

    expect(clock.elapsed()).toBe(2000);
    observation.close();
  });

  it('looks soon for a kind that may be served any moment, then more and more seldom', async () => {
    const observation = cluster.observe();
    const looks: number[] = [];

    for (let count = 0; count < 8; count++) {
      await observation.sight.serves('example.com/v1', 'Thing');
      await observation.changed(never);
      looks.push(clock.elapsed());
    }

    expect(looks).toEqual([50, 150, 350, 750, 1550, 3150, 5150, 7150]);
    observation.close();
  });

  it('faults like a plain look when the API server is away', async () => {
    server.drop();

    await expect(cluster.observe().sight.get(ref)).rejects.toMatchObject({ code: 'CLUSTER-UNREACHABLE' });
  });

  it('looks again every two seconds while the API server is away', async () => {
    await cluster.apply(settings());
    const observation = cluster.observe();
    await observation.sight.get(ref);
    server.drop();
    await observation.changed(never);
    await expect(observation.sight.get(ref)).rejects.toMatchObject({ code: 'CLUSTER-UNREACHABLE' });
    await observation.changed(never);
    const before = clock.elapsed();

    await expect(observation.sight.get(ref)).rejects.toMatchObject({ code: 'CLUSTER-UNREACHABLE' });
    await observation.changed(never);

    expect(clock.elapsed() - before).toBe(2000);
    observation.close();
  });

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController();
    const observation = cluster.observe();
    await observation.sight.get(ref);
    const changed = observation.changed(stop.signal);

    stop.abort(new Error('deadline'));

    await expect(changed).rejects.toThrow('deadline');
    observation.close();
  });
});
