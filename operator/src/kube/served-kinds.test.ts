import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { Caches } from './caches.ts';
import { KubeClient } from './client.ts';
import type { Transport } from './transport.ts';

const kinds = {
  volumes: { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume' },
  attachments: { apiVersion: 'k8s.cni.cncf.io/v1', kind: 'NetworkAttachmentDefinition' },
} as const;

/** A kind of somebody else, without its schema. */
function definition(group: string, version: string, kind: string) {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

const dataVolumes = definition('cdi.kubevirt.io', 'v1beta1', 'DataVolume');
const volume = {
  apiVersion: 'cdi.kubevirt.io/v1beta1',
  kind: 'DataVolume',
  metadata: { name: 'a', namespace: 'default' },
};
const refOf = (object: typeof dataVolumes) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  ...object.metadata,
});

let clock: VirtualClock;
let server: SimulatedApiServer;
let client: KubeClient;
let stop: AbortController;
let opened: string[];
let caches: Caches<keyof typeof kinds>;
beforeEach(() => {
  clock = new VirtualClock();
  server = new SimulatedApiServer({ clock });
  stop = new AbortController();
  opened = [];
  client = new KubeClient({ transport: server, fieldManager: 'test', sleep: clock.sleep.bind(clock) });
  const transport: Transport = {
    request: (request) => server.request(request),
    watch: (path, ...asked) => {
      opened.push(path);
      return server.watch(path, ...asked);
    },
  };
  const own = new KubeClient({ transport, fieldManager: 'test', sleep: clock.sleep.bind(clock) });
  caches = new Caches({ transport, discovery: own.discovery, clock, kinds });
});
afterEach(() => stop.abort());

async function begin(): Promise<void> {
  void caches.run(stop.signal);
  await caches.synced;
}

/** What has been asked since, watches aside. */
const asked = (since: number) => server.log.slice(since).map(({ method, path }) => `${method} ${path}`);

describe('a kind that is not served', () => {
  it('has nothing to copy, and keeps nothing from being synced', async () => {
    await begin();

    expect(caches.hasSynced).toBe(true);
    expect(caches.serves('volumes')).toBe(false);
    expect(caches.health()[0]).toMatchObject({ kind: 'DataVolume', synced: true, dormant: true, healthy: true });
  });

  it('is asked for by nothing but watches for five minutes', async () => {
    await client.create(dataVolumes);
    await clock.sleep(5000);
    await begin();
    await clock.sleep(60_000);
    const [requests, streams] = [server.log.length, opened.length];

    await clock.sleep(300_000);

    expect(asked(requests)).toEqual([]);
    expect(opened.slice(streams)).toEqual([]);
    expect(caches.serves('attachments')).toBe(false);
  });

  it('is followed within a second of its definition, and told of', async () => {
    await begin();
    await clock.sleep(100_000);
    const told: string[] = [];
    caches.onServed((kind) => told.push(`${kind} ${caches.serves(kind)}`));
    caches.onChange('volumes', { added: ({ metadata }) => told.push(metadata.name) });

    await client.create(dataVolumes);
    await clock.sleep(3000);
    expect(told).toEqual(['volumes true']);
    await client.create(volume);
    await clock.sleep(100);

    expect(told).toEqual(['volumes true', 'a']);
  });

  it('is emptied when its definition goes, and followed again when that comes back', async () => {
    await client.create(dataVolumes);
    await clock.sleep(5000);
    await client.create(volume);
    await begin();
    const told: string[] = [];
    caches.onServed((kind) => told.push(`${kind} ${caches.serves(kind)}`));
    caches.onChange('volumes', {
      added: ({ metadata }) => told.push(`+${metadata.name}`),
      deleted: ({ metadata }) => told.push(`-${metadata.name}`),
    });

    await client.delete(refOf(dataVolumes));
    await clock.sleep(20_000);
    expect(told).toEqual(['-a', 'volumes false']);
    expect(caches.all('volumes')).toEqual([]);
    await client.create(dataVolumes);
    await clock.sleep(5000);
    await client.create(volume);
    await clock.sleep(100);

    expect(told.slice(2)).toEqual(['volumes true', '+a']);
  });

  it('is no reason to ask about the others when a definition of another group comes', async () => {
    await begin();
    await clock.sleep(100_000);
    const before = server.log.length;

    await client.create(definition('cdi.kubevirt.io', 'v1beta1', 'StorageProfile'));
    await clock.sleep(100_000);

    const discovery = asked(before).filter((one) => /^GET \/apis\/[^/]+\/[^/]+$/.test(one));
    expect(new Set(discovery)).toEqual(
      new Set(['GET /apis/apiextensions.k8s.io/v1', 'GET /apis/cdi.kubevirt.io/v1beta1']),
    );
    // A few times, as the server takes its time; then never again.
    expect(discovery.length).toBeLessThan(20);
  });

  it('is looked for every half minute where definitions may not be watched', async () => {
    server.intercept = ({ path }) =>
      path.endsWith('/customresourcedefinitions')
        ? { status: 403, body: { kind: 'Status', message: 'forbidden' } }
        : undefined;
    await begin();
    expect(caches.health().at(-1)).toMatchObject({ kind: 'CustomResourceDefinition', needed: false, healthy: false });
    server.intercept = ({ path, method }) =>
      path.endsWith('/customresourcedefinitions') && method === 'GET'
        ? { status: 403, body: { kind: 'Status', message: 'forbidden' } }
        : undefined;

    await client.create(dataVolumes);
    await clock.sleep(35_000);

    expect(caches.serves('volumes')).toBe(true);
  });
});
