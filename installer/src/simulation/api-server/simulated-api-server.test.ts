import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';

let clock: VirtualClock;
let server: SimulatedApiServer;
let client: KubeClient;
beforeEach(() => {
  clock = new VirtualClock();
  server = new SimulatedApiServer({ clock });
  client = new KubeClient({ transport: server, fieldManager: 'test', sleep: clock.sleep.bind(clock), attempts: 1 });
});

const configMap = (name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: {},
  ...more,
});
const refusal = async (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => expect.fail('it should have been refused'),
    (error) => error,
  );
const certificate = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');

async function webhook(more: object = {}, kind = 'ValidatingWebhookConfiguration'): Promise<void> {
  await client.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hook', namespace: 'default' },
    spec: { ports: [{ port: 443 }] },
  });
  await client.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'hook' },
    webhooks: [
      {
        name: 'hook.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { service: { name: 'hook', namespace: 'default', path: '/validate' }, caBundle: certificate },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] }],
        ...more,
      },
    ],
  });
}

describe('admission webhooks', () => {
  it('refuse the connection until their service is opened', async () => {
    await webhook();

    const error = await refusal(client.create(configMap('a')));

    expect(error.code).toBe(500);
    expect(error.message).toMatch(
      /^Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https:\/\/hook\.default\.svc:443\/validate\?timeout=10s": dial tcp 10\.43\.\d+\.\d+:443: connect: connection refused$/,
    );
  });

  it('let everything pass where their failure is ignored', async () => {
    await webhook({ failurePolicy: 'Ignore' });

    await expect(client.create(configMap('a'))).resolves.toBeDefined();
  });

  it('refuse with their reason once they answer', async () => {
    await webhook();
    server.services.openWebhook('default/hook', async ({ object }) => ({
      allowed: object.data?.fine === 'yes',
      message: 'not fine',
    }));

    const error = await refusal(client.create(configMap('a')));

    expect(error.message).toBe('admission webhook "hook.example.com" denied the request: not fine');
    await expect(client.create(configMap('b', { data: { fine: 'yes' } }))).resolves.toBeDefined();
  });

  it('are not trusted without a certificate', async () => {
    await webhook({ clientConfig: { service: { name: 'hook', namespace: 'default' }, caBundle: 'Cg==' } });
    server.services.openWebhook('default/hook', async () => ({ allowed: true }));

    expect((await refusal(client.create(configMap('a')))).message).toContain(
      'x509: certificate signed by unknown authority',
    );
  });

  it('change objects before they are stored', async () => {
    await webhook({}, 'MutatingWebhookConfiguration');
    server.services.openWebhook('default/hook', async ({ object }) => ({
      allowed: true,
      object: { ...object, data: { seen: 'yes' } },
    }));

    expect((await client.create(configMap('a')))['data']).toEqual({ seen: 'yes' });
  });

  it('see only what their selectors mean', async () => {
    await webhook({
      objectSelector: { matchLabels: { asked: 'yes' } },
      namespaceSelector: {
        matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['default'] }],
      },
    });

    await expect(client.create(configMap('a'))).resolves.toBeDefined();
    expect(
      (
        await refusal(
          client.create({ ...configMap('b'), metadata: { name: 'b', namespace: 'default', labels: { asked: 'yes' } } }),
        )
      ).code,
    ).toBe(500);
    await expect(
      client.create({ ...configMap('b'), metadata: { name: 'b', namespace: 'kube-system', labels: { asked: 'yes' } } }),
    ).resolves.toBeDefined();
  });

  it('may be slow: who writes meanwhile is not overwritten', async () => {
    await client.create(configMap('a', { data: { x: '1' } }));
    await webhook();
    server.services.openWebhook('default/hook', async ({ object }) => {
      if (object.data.x === '2') await clock.sleep(1000);
      return { allowed: true };
    });
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'default' };

    await Promise.all([client.patch(ref, { data: { x: '2' } }), client.patch(ref, { data: { y: '1' } })]);

    expect((await client.get(ref))?.['data']).toEqual({ x: '2', y: '1' });
  });
});

describe('the power', () => {
  it('takes watches and requests with it, and leaves what is stored', async () => {
    await client.create(configMap('a'));
    const watching = (async () => {
      for await (const _ of server.watch('/api/v1/namespaces/default/configmaps', {}, new AbortController().signal));
    })();
    watching.catch(() => undefined);
    await clock.sleep(10);

    server.drop();

    await expect(watching).rejects.toThrow('terminated');
    await expect(server.request({ method: 'GET', path: '/readyz' })).rejects.toThrow(
      'connect ECONNREFUSED 127.0.0.1:6443',
    );
    server.up();
    expect(await client.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'default' })).toBeDefined();
  });

  it('finishes afterwards what the control plane had begun', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
    };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
    await client.create({
      ...definition,
      spec: { group: 'example.com', scope: 'Cluster', names: { plural: 'things', kind: 'Thing' }, versions },
    });
    server.drop();
    await clock.sleep(60_000);
    server.up();
    await clock.sleep(500);

    expect(await client.serves('example.com/v1', 'Thing')).toBe(true);
  });
});

describe('watches', () => {
  it('are told 410 when the history they resume from is forgotten', async () => {
    await client.create(configMap('a'));
    server.compact();
    const events = [];

    for await (const event of server.watch(
      '/api/v1/configmaps',
      { resourceVersion: '2' },
      new AbortController().signal,
    ))
      events.push(event);

    expect(events).toMatchObject([
      {
        type: 'ERROR',
        object: {
          code: 410,
          reason: 'Expired',
          message: expect.stringMatching(/^too old resource version: 2 \(\d+\)$/),
        },
      },
    ]);
  });

  it('get a bookmark a minute when they ask for it', async () => {
    const stop = new AbortController();
    const query = { resourceVersion: String(server.revision), allowWatchBookmarks: 'true' };

    for await (const event of server.watch('/api/v1/configmaps', query, stop.signal)) {
      expect(event).toEqual({
        type: 'BOOKMARK',
        object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: String(server.revision) } },
      });
      stop.abort();
    }

    expect(clock.elapsed()).toBe(60_000);
  });
});

describe('pods', () => {
  beforeEach(async () => {
    await client.create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
    });
  });
  const pod = (more: object = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', labels: { app: 'p' } },
    spec: { containers: [{ name: 'c', image: 'x:latest' }], ...more },
  });
  const ref = { apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'default' };

  it('are refused without their service account', async () => {
    const error = await refusal(client.create(pod({ serviceAccountName: 'robot' })));

    expect(error.message).toBe(
      'pods "p" is forbidden: error looking up service account default/robot: serviceaccount "robot" not found',
    );
  });

  it('begin pending, with what admission adds', async () => {
    const made = await client.create(pod());

    expect(made['status']).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    expect(made['spec']).toMatchObject({ serviceAccountName: 'default', priority: 0, enableServiceLinks: true });
    expect(made['spec'].containers[0].imagePullPolicy).toBe('Always');
    expect(made['spec'].tolerations).toHaveLength(2);
  });

  it('wait for their kubelet when they run on a node', async () => {
    await client.create(pod({ nodeName: 'n' }));
    await client.delete(ref);
    const ending = await client.get(ref);

    await client.delete(ref, { grace: 0 });

    expect(ending?.metadata).toMatchObject({ deletionGracePeriodSeconds: 30, deletionTimestamp: expect.any(String) });
    expect(await client.get(ref)).toBeUndefined();
  });

  it('get their node by a binding', async () => {
    await client.create(pod());

    const answer = await server.request({
      method: 'POST',
      path: '/api/v1/namespaces/default/pods/p/binding',
      body: { target: { name: 'n' } },
    });

    expect(answer.status).toBe(201);
    expect((await client.get(ref))?.['spec'].nodeName).toBe('n');
  });

  it('are not evicted against a disruption budget', async () => {
    await client.create(pod());
    await client.create({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b', namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'p' } } },
    });
    const evict = () =>
      server.request({ method: 'POST', path: '/api/v1/namespaces/default/pods/p/eviction', body: {} });

    const refused = await evict();
    await client.patchStatus(
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'b', namespace: 'default' },
      { disruptionsAllowed: 1 },
    );

    expect(refused).toMatchObject({
      status: 429,
      body: { message: "Cannot evict pod as it would violate the pod's disruption budget." },
    });
    expect((await evict()).status).toBe(201);
  });

  it('show the last lines of their logs', async () => {
    await client.create(pod());
    const log = (query = {}) => server.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/p/log', query });
    const waiting = await log();
    server.logs.append('default/p/c', 'one\ntwo');
    server.logs.append('default/p/c', 'three');

    expect(waiting).toMatchObject({
      status: 400,
      body: { message: 'container "c" in pod "p" is waiting to start: ContainerCreating' },
    });
    expect((await log()).body).toBe('one\ntwo\nthree\n');
    expect((await log({ tailLines: '2', container: 'c' })).body).toBe('two\nthree\n');
  });
});

describe('aggregated APIs', () => {
  it('are out of service until somebody opens them, and say so in their condition', async () => {
    const group = 'subresources.example.com';
    await client.create({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `v1.${group}` },
      spec: {
        group,
        version: 'v1',
        groupPriorityMinimum: 1,
        versionPriority: 1,
        service: { name: 'api', namespace: 'default' },
      },
    });
    const ask = () => server.request({ method: 'GET', path: `/apis/${group}/v1` });
    const available = async () => {
      await clock.sleep(1500);
      return (await client.get({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', name: `v1.${group}` }))?.[
        'status'
      ].conditions[0];
    };

    const closed = await ask();
    const before = await available();
    server.openApi(`${group}/v1`, () => ({ status: 200, body: { kind: 'APIResourceList', resources: [] } }));

    expect(closed.status).toBe(503);
    expect(before).toMatchObject({ type: 'Available', status: 'False', reason: 'ServiceNotFound' });
    expect((await ask()).status).toBe(200);
    expect(await available()).toMatchObject({ status: 'True', reason: 'Passed' });
  });
});

describe('mishaps', () => {
  it('answer one request otherwise', async () => {
    server.failNext(({ method }) => method === 'POST', { status: 500, body: 'etcdserver: request timed out' });

    expect((await refusal(client.create(configMap('a')))).code).toBe(500);
    await expect(client.create(configMap('a'))).resolves.toBeDefined();
  });

  it('answer everything otherwise for as long as they last', async () => {
    server.intercept = ({ path }) => (path.startsWith('/readyz') ? { status: 500, body: '[-]etcd failed' } : undefined);

    expect(await server.request({ method: 'GET', path: '/readyz' })).toEqual({ status: 500, body: '[-]etcd failed' });
    expect((await server.request({ method: 'GET', path: '/livez' })).status).toBe(200);
  });
});

describe('what it was not taught', () => {
  it('is said in a sentence', async () => {
    await expect(server.request({ method: 'GET', path: '/metrics' })).rejects.toThrow(
      'the simulated API server does not know GET /metrics; teach it in api-server/answer.ts',
    );
    await expect(server.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/p/exec' })).rejects.toThrow(
      'the simulated API server does not know GET of pods/exec; teach it in api-server/subresources.ts',
    );
  });

  it('is said for a CEL rule of our own that it cannot read, and noted for one of others', async () => {
    const definition = (group: string): any => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `things.${group}` },
      spec: {
        group,
        scope: 'Cluster',
        names: { plural: 'things', kind: 'Thing' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-validations': [{ rule: 'unheard(self)' }] } },
          },
        ],
      },
    });

    await expect(client.create(definition('vm.novasphere.dev'))).rejects.toThrow(
      'the simulated API server cannot read the CEL rule “unheard(self)” (unheard() is not a function that it knows); teach it in api-server/cel',
    );
    await client.create(definition('example.com'));
    await clock.sleep(1000);
    await client.create({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't' } });
    expect(server.skippedRules).toEqual(['unheard(self)']);
  });
});

const upstream = join(import.meta.dirname, '../../../../../shared/upstream');

describe.skipIf(!existsSync(upstream))('the manifests of the components', () => {
  const rank = ({ kind }: KubeObject) => (kind === 'CustomResourceDefinition' ? 0 : kind === 'Namespace' ? 1 : 2);

  it('are taken as they are, and when they are applied again nothing is written', async () => {
    const files = globSync('**/*.y*ml', { cwd: upstream }).filter((file) => !file.endsWith('kustomization.yaml'));
    const all = files
      .toSorted()
      .flatMap((file) => loadAll(readFileSync(join(upstream, file), 'utf8')) as KubeObject[])
      .filter((one) => one?.kind);
    const unique = [
      ...new Map(all.map((one) => [`${one.kind} ${one.metadata.namespace} ${one.metadata.name}`, one])).values(),
    ];
    const objects = unique.toSorted((one, other) => rank(one) - rank(other));
    const applyAll = async () => {
      for (const object of objects) {
        if (!(await client.serves(object.apiVersion, object.kind))) await clock.sleep(500);
        await client.apply(object, { force: true });
      }
    };
    await applyAll();
    await clock.sleep(5000);
    // What was applied without any field gets its first owner when it is applied again, on the real server too.
    await applyAll();
    const { revision } = server;

    await applyAll();

    expect(objects.length).toBeGreaterThan(150);
    expect(server.revision).toBe(revision);
  });
});
