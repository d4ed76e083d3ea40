import { beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Transport } from '#kube/transport';
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
const byOther = (object: KubeObject) =>
  server.request({
    method: 'PATCH',
    path: `/api/v1/namespaces/default/configmaps/${object.metadata.name}`,
    query: { fieldManager: 'kubectl' },
    contentType: 'application/apply-patch+yaml',
    body: object,
  });

async function screen(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.fail('it should have failed'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw error;
  const { code, message, because, where, evidence, remedy } = error.record();
  const lines = (title: string, list: readonly string[]) => list.map((line) => `${title}  ${line}`);
  return [
    code,
    message,
    ...lines('because', because),
    ...lines('where', where),
    ...lines('seen', evidence),
    ...lines('try', remedy),
  ].join('\n');
}

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

describe('faults', () => {
  it('name the field and its owner in a conflict', async () => {
    await byOther(settings({ a: '1' }));

    expect(await screen(cluster.apply(settings({ a: '2' })))).toMatchInlineSnapshot(`
      "CLUSTER-CONFLICT
      Cannot apply ConfigMap default/settings: .data.a belongs to “kubectl”
      because  Apply failed with 1 conflict: conflict with "kubectl": .data.a
      where  object ConfigMap default/settings
      seen  .data.a belongs to “kubectl”
      try  kubectl get configmap settings --namespace default --show-managed-fields -o yaml
      try  take back what “kubectl” changed, or stop it, then run again"
    `);
  });

  it('count the fields of several owners', async () => {
    await byOther(settings({ a: '1', b: '1' }));

    expect(await screen(cluster.apply(settings({ a: '2', b: '2' })))).toMatchInlineSnapshot(`
      "CLUSTER-CONFLICT
      Cannot apply ConfigMap default/settings: 2 fields, .data.a among them, belong to “kubectl”
      because  Apply failed with 2 conflicts: conflicts with "kubectl": - .data.a - .data.b
      where  object ConfigMap default/settings
      seen  .data.a belongs to “kubectl”
      seen  .data.b belongs to “kubectl”
      try  kubectl get configmap settings --namespace default --show-managed-fields -o yaml
      try  take back what “kubectl” changed, or stop it, then run again"
    `);
  });

  it('name a field that cannot be changed any more', async () => {
    const fast = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast' },
      provisioner: 'x.example.com',
      parameters: { replicas: '1' },
    };
    await cluster.apply(fast);

    expect(await screen(cluster.apply({ ...fast, parameters: { replicas: '3' } }))).toMatchInlineSnapshot(`
      "CLUSTER-IMMUTABLE
      Cannot apply StorageClass fast: parameters cannot be changed any more
      because  StorageClass.storage.k8s.io "fast" is invalid: parameters: Forbidden: updates to parameters are forbidden.
      where  object StorageClass fast
      seen  parameters: Forbidden: updates to parameters are forbidden.
      try  kubectl get storageclass fast -o yaml
      try  put the old value back into the profile, or delete the object and run again"
    `);
  });

  it('tell what the API server refuses and why', async () => {
    expect(await screen(cluster.apply(settings({}, 'Settings')))).toMatchInlineSnapshot(`
      "CLUSTER-REFUSED
      The API server refused to apply ConfigMap default/Settings
      because  ConfigMap "Settings" is invalid: metadata.name: Invalid value: "Settings": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
      where  object ConfigMap default/Settings
      seen  metadata.name: Invalid value: "Settings": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
      try  correct what it names, then run again
      try  kubectl explain configmap --api-version v1"
    `);
  });

  it('tell of a namespace that is not there', async () => {
    expect(
      await screen(cluster.apply({ ...settings(), metadata: { name: 'settings', namespace: 'nowhere' } })),
    ).toMatchInlineSnapshot(`
      "CLUSTER-REFUSED
      The API server refused to apply ConfigMap nowhere/settings
      because  namespaces "nowhere" not found
      where  object ConfigMap nowhere/settings
      try  correct what it names, then run again
      try  kubectl explain configmap --api-version v1"
    `);
  });

  it('tell of a kind that is not there', async () => {
    expect(
      await screen(cluster.apply({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' } })),
    ).toMatchInlineSnapshot(`
      "CLUSTER-REFUSED
      Cannot apply Thing x: its kind does not exist in the cluster
      because  the API server does not serve Thing in example.com/v1
      where  object Thing x
      try  kubectl api-resources
      try  apply the component that brings the kind first"
    `);
  });

  it('name a webhook that does not answer', async () => {
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'hook', namespace: 'default' },
      spec: { clusterIP: '10.43.0.99', ports: [{ port: 443 }] },
    });
    await cluster.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'hook' },
      webhooks: [
        {
          name: 'hook.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          clientConfig: { service: { name: 'hook', namespace: 'default', path: '/v' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
        },
      ],
    });

    expect(await screen(cluster.apply(settings()))).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      the admission webhook hook.example.com does not answer (tried to apply ConfigMap default/settings)
      because  Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https://hook.default.svc:443/v?timeout=10s": dial tcp 10.43.0.99:443: connect: connection refused
      where  object ConfigMap default/settings
      try  kubectl --namespace default get endpoints hook
      try  wait until its pods are ready, then run again"
    `);
  });

  it('say that the API server does not answer', async () => {
    server.drop();

    expect(await screen(cluster.get(ref))).toMatchInlineSnapshot(`
      "CLUSTER-UNREACHABLE
      The API server does not answer (tried to read ConfigMap default/settings)
      because  connect ECONNREFUSED 127.0.0.1:6443
      try  systemctl status k3s
      try  journalctl --unit k3s --lines 50"
    `);
  });

  it('come only after patience with a server that fails', async () => {
    server.intercept = ({ path }) =>
      path.includes('configmaps')
        ? { status: 500, body: { kind: 'Status', message: 'etcdserver: request timed out', code: 500 } }
        : undefined;

    expect(await screen(cluster.apply(settings()))).toMatchInlineSnapshot(`
      "CLUSTER-SERVER-ERROR
      The API server answers HTTP 500 (tried to read ConfigMap default/settings, 12 times within 2 min 16 s)
      because  its database, etcd, does not get its writes to the disk in time
      because  etcdserver: request timed out
      try  journalctl --unit k3s --lines 50          what it suffers from
      try  kubectl get --raw '/readyz?verbose'          which part of it is not well
      try  run the same command again once it is: it goes on from here"
    `);
    expect(clock.elapsed()).toBeGreaterThan(30_000);
  });

  it('never hide a mistake or a power cut of the rehearsal', async () => {
    const cut = Object.assign(new Error('power cut before “PATCH x”'), { name: 'PowerCut' });
    const broken: Transport = {
      request: () => Promise.reject(cut),
      watch: () => server.watch('/', {}, new AbortController().signal),
    };

    await expect(new KubeCluster(broken, clock).get(ref)).rejects.toBe(cut);
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

  it('faults like a plain look when the API server is away', async () => {
    server.drop();

    await expect(cluster.observe().sight.get(ref)).rejects.toMatchObject({ code: 'CLUSTER-UNREACHABLE' });
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
