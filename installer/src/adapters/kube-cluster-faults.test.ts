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

/** From now on the server answers like this whatever is asked of ConfigMaps. */
function turnAway(status: number, message: string): void {
  server.intercept = ({ path }) =>
    path.includes('configmaps') ? { status, body: { kind: 'Status', message, code: status } } : undefined;
}

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

describe('what people read when the API server does not do it', () => {
  it('name the field and its owner in a conflict', async () => {
    await byOther(settings({ a: '1' }));

    expect(await screen(cluster.apply(settings({ a: '2' })))).toMatchInlineSnapshot(`
      "CLUSTER-CONFLICT
      Cannot apply ConfigMap default/settings: .data.a belongs to “kubectl”
      because  Apply failed with 1 conflict: conflict with "kubectl": .data.a
      where  object ConfigMap default/settings
      seen  .data.a is "1", set by “kubectl” (Apply, 2026-11-21 06:00 UTC); wanted is "2"
      try  kubectl patch configmap settings --namespace default --type merge --patch '{"data":{"a":"2"}}'          gives the wanted value; then run again
      try  kubectl get configmap settings --namespace default --show-managed-fields -o yaml          shows who owns what
      try  stop what writes as “kubectl”, where it comes back by itself"
    `);
  });

  it('count the fields of several owners', async () => {
    await byOther(settings({ a: '1', b: '1' }));

    expect(await screen(cluster.apply(settings({ a: '2', b: '2' })))).toMatchInlineSnapshot(`
      "CLUSTER-CONFLICT
      Cannot apply ConfigMap default/settings: 2 fields, .data.a among them, belong to “kubectl”
      because  Apply failed with 2 conflicts: conflicts with "kubectl": - .data.a - .data.b
      where  object ConfigMap default/settings
      seen  .data.a is "1", set by “kubectl” (Apply, 2026-11-21 06:00 UTC); wanted is "2"
      seen  .data.b is "1", set by “kubectl” (Apply, 2026-11-21 06:00 UTC); wanted is "2"
      try  kubectl patch configmap settings --namespace default --type merge --patch '{"data":{"a":"2","b":"2"}}'          gives the wanted value; then run again
      try  kubectl get configmap settings --namespace default --show-managed-fields -o yaml          shows who owns what
      try  stop what writes as “kubectl”, where it comes back by itself"
    `);
  });

  it('show the value of each field, who set it when, and what would make it right', async () => {
    const web = (replicas: number): KubeObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'main', image: `web:${replicas}` }] },
        },
      },
    });
    await cluster.apply(web(1));
    clock.jump(3_600_000);
    await server.request({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/default/deployments/web',
      query: { fieldManager: 'argocd' },
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { replicas: 5, template: { spec: { containers: [{ name: 'main', image: 'web:5' }] } } } },
    });

    expect(await screen(cluster.apply(web(2)))).toMatchInlineSnapshot(`
      "CLUSTER-CONFLICT
      Cannot apply Deployment default/web: 2 fields, .spec.replicas among them, belong to “argocd”
      because  Apply failed with 2 conflicts: conflicts with "argocd" using apps/v1: - .spec.replicas - .spec.template.spec.containers[name="main"].image
      where  object Deployment default/web
      seen  .spec.replicas is 5, set by “argocd” (Update, 2026-11-21 07:00 UTC); wanted is 2
      seen  .spec.template.spec.containers[name="main"].image is "web:5", set by “argocd” (Update, 2026-11-21 07:00 UTC); wanted is "web:2"
      try  kubectl edit deployment web --namespace default          give these fields the wanted values; then run again
      try  kubectl get deployment web --namespace default --show-managed-fields -o yaml          shows who owns what
      try  stop what writes as “argocd”, where it comes back by itself"
    `);
  });

  it('never show what a Secret holds', async () => {
    const secret = (value: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token', namespace: 'default' },
      data: { token: Buffer.from(value).toString('base64') },
    });
    await cluster.apply(secret('first-made-up'));
    await server.request({
      method: 'PATCH',
      path: '/api/v1/namespaces/default/secrets/token',
      query: { fieldManager: 'vault' },
      contentType: 'application/merge-patch+json',
      body: { data: secret('second-made-up')['data'] },
    });

    const said = await screen(cluster.apply(secret('third-made-up')));

    expect(said).toContain('seen  .data.token is (not shown), set by “vault” (Update');
    for (const value of ['first', 'second', 'third'])
      expect(said).not.toContain(Buffer.from(`${value}-made-up`).toString('base64').slice(0, 8));
  });

  it('cut what an API server shows of a whole object', async () => {
    const job = (image: string): KubeObject => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'prepare', namespace: 'default' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } } },
    });
    await cluster.apply(job('x:1'));

    expect(await screen(cluster.apply(job('x:2')))).toMatchInlineSnapshot(`
      "CLUSTER-IMMUTABLE
      Cannot apply Job default/prepare: spec.template cannot be changed any more
      because  Job.batch "prepare" is invalid: spec.template: Invalid value: {"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"x:2","imagePullPolicy":"IfNotPresent","terminationMessagePath":"/dev/termination-log","…: field is immutable
      where  object Job default/prepare
      seen  spec.template: Invalid value: {"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"x:2","imagePullPolicy":"IfNotPresent","terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"…: field is immutable
      try  kubectl get job prepare --namespace default -o yaml
      try  put the old value back into the profile, or delete the object and run again"
    `);
  });

  it('tell of a user whom the API server does not know', async () => {
    turnAway(401, 'Unauthorized');

    expect(await screen(cluster.get(ref))).toMatchInlineSnapshot(`
      "CLUSTER-DENIED
      The API server does not know who is asking (tried to read ConfigMap default/settings)
      because  Unauthorized
      try  kubectl auth whoami          whether the token or certificate of the kubeconfig still holds
      try  copy the kubeconfig anew: k3s keeps it at /etc/rancher/k3s/k3s.yaml"
    `);
  });

  it('tell of a user who may not do it', async () => {
    turnAway(
      403,
      'configmaps "settings" is forbidden: User "guest" cannot get resource "configmaps" in API group "" in the namespace "default"',
    );

    expect(await screen(cluster.get(ref))).toMatchInlineSnapshot(`
      "CLUSTER-DENIED
      The user of the kubeconfig may not read ConfigMap default/settings
      because  configmaps "settings" is forbidden: User "guest" cannot get resource "configmaps" in API group "" in the namespace "default"
      try  kubectl auth can-i --list          what this user may do
      try  use the kubeconfig of an administrator: /etc/rancher/k3s/k3s.yaml"
    `);
  });

  it('tell at once of a manifest that cannot be read as its kind', async () => {
    const message =
      'failed to create typed patch object (default/settings; v1, Kind=ConfigMap): .odd: field not declared in schema';
    server.intercept = ({ method }) =>
      method === 'PATCH' ? { status: 500, body: { kind: 'Status', status: 'Failure', message, code: 500 } } : undefined;

    expect(await screen(cluster.apply(settings()))).toMatchInlineSnapshot(`
      "CLUSTER-REFUSED
      The API server refused to apply ConfigMap default/settings
      because  failed to create typed patch object (default/settings; v1, Kind=ConfigMap): .odd: field not declared in schema
      where  object ConfigMap default/settings
      try  correct what it names, then run again
      try  kubectl explain configmap --api-version v1"
    `);
    expect(clock.elapsed()).toBe(0);
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
