import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { type CacheQuery, Caches, type CachesOptions } from './caches.ts';
import { KubeClient } from './client.ts';
import type { KubeObject } from './object.ts';

const settings: CacheQuery = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  indexes: { app: ({ metadata }) => [metadata.labels?.['app'] ?? []].flat() },
};
const secrets: CacheQuery = { apiVersion: 'v1', kind: 'Secret', metadataOnly: true };
const claims: CacheQuery = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', labelSelector: 'ours=yes' };
const nodes: CacheQuery = { apiVersion: 'v1', kind: 'Node', clusterScoped: true };
const kinds = { settings, secrets, claims, nodes };
type Kind = keyof typeof kinds;

let clock: VirtualClock;
let server: SimulatedApiServer;
let client: KubeClient;
let stop: AbortController;
beforeEach(async () => {
  clock = new VirtualClock();
  server = new SimulatedApiServer({ clock });
  client = new KubeClient({ transport: server, fieldManager: 'test', sleep: clock.sleep.bind(clock) });
  stop = new AbortController();
  for (const name of ['x', 'y']) await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
});
afterEach(() => stop.abort());

function caches(options: Partial<CachesOptions<Kind>> = {}): Caches<Kind> {
  const { discovery } = client;
  const made = new Caches({ transport: server, discovery, clock, kinds, ...options });
  void made.run(stop.signal);
  return made;
}

const configMap = (name: string, namespace = 'x', labels?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, ...(labels ? { labels } : {}) },
});
const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name).toSorted();

describe('the caches', () => {
  it('hold what is there, and follow it', async () => {
    await client.create(configMap('a'));
    const made = caches();
    await made.synced;

    await client.create(configMap('b'));
    await client.delete({ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'x' });
    await clock.sleep(100);

    expect(made.get('settings', 'x', 'a')).toBeUndefined();
    expect(made.get('settings', 'x', 'b')?.metadata.name).toBe('b');
    expect(made.hasSynced).toBe(true);
  });

  it('find by an index, among objects without labels too', async () => {
    for (const one of [configMap('a'), configMap('b', 'x', { app: 'press' }), configMap('c', 'y', { app: 'press' })])
      await client.create(one);
    const made = caches();
    await made.synced;

    expect(names(made.by('settings', 'app', 'press'))).toEqual(['b', 'c']);
    expect(made.by('settings', 'app', 'other')).toEqual([]);
  });

  it('hold nothing of a Secret but its metadata, after a change too', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'x' } };
    await client.create({ ...secret, stringData: { password: 'first' } });
    const made = caches();
    await made.synced;

    const first = made.get('secrets', 'x', 's');
    await client.patch(
      { ...secret.metadata, apiVersion: 'v1', kind: 'Secret' },
      { stringData: { password: 'second' } },
    );
    await clock.sleep(100);
    const second = made.get('secrets', 'x', 's');

    for (const one of [first, second]) {
      expect(Object.keys(one ?? {}).toSorted()).toEqual(['apiVersion', 'kind', 'metadata']);
      expect(one).toMatchObject({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'x' } });
    }
    expect(second?.metadata.resourceVersion).not.toBe(first?.metadata.resourceVersion);
  });

  it('ask for no more than a selector means', async () => {
    const claim = (name: string, ours: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'x', labels: { ours } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    await client.create(claim('a', 'yes'));
    await client.create(claim('b', 'no'));
    const made = caches();
    await made.synced;

    expect(names(made.all('claims'))).toEqual(['a']);
  });

  it('watch some namespaces alone where they are told to, and what is of no namespace once', async () => {
    for (const namespace of ['x', 'y', 'default']) await client.create(configMap(`in-${namespace}`, namespace));
    const made = caches({ namespaces: ['x', 'y', 'x'] });
    const told: string[] = [];
    made.onChange('settings', { added: ({ metadata }) => told.push(metadata.name) });
    await made.synced;

    const found = names(made.all('settings'));
    expect(found.filter((name) => name.startsWith('in-'))).toEqual(['in-x', 'in-y']);
    expect(told.toSorted()).toEqual(found);
    expect(made.get('settings', 'y', 'in-y')).toBeDefined();
    expect(made.get('settings', 'default', 'in-default')).toBeUndefined();
    expect(made.health().map(({ kind, namespace }) => `${kind} ${namespace}`)).toEqual([
      'ConfigMap x',
      'ConfigMap y',
      'Secret x',
      'Secret y',
      'PersistentVolumeClaim x',
      'PersistentVolumeClaim y',
      'Node undefined',
      'CustomResourceDefinition undefined',
    ]);
  });

  it('give objects that cannot be changed by who reads them', async () => {
    await client.create(configMap('a', 'x', { app: 'press' }));
    const made = caches();
    await made.synced;

    expect(() => Object.assign(made.get('settings', 'x', 'a')?.metadata.labels ?? {}, { app: 'other' })).toThrow();
  });

  it('tell whose copy is in trouble, and why', async () => {
    const troubles: string[] = [];
    server.intercept = ({ path }) =>
      path === '/api/v1/secrets'
        ? { status: 403, body: { kind: 'Status', message: 'secrets is forbidden' } }
        : undefined;
    const made = caches({ onTrouble: (about, error) => troubles.push(`${about}: ${(error as Error).message}`) });
    await clock.sleep(1000);

    expect(troubles).toEqual(['secrets: secrets is forbidden']);
    expect(made.hasSynced).toBe(false);
    expect(
      made
        .health()
        .filter(({ healthy }) => !healthy)
        .map(({ kind }) => kind),
    ).toEqual(['Secret']);
  });
});
