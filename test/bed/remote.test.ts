import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { meet } from '#adapters/cluster-contact';
import { requireRights } from '#adapters/cluster-rights';
import type { KubeconfigFacts } from '#adapters/kubeconfig-file';
import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';
import { undiciTransport } from '#kube/undici-transport';
import { launch, scratch } from '../cli/novasphere.ts';
import { bundleDirectory } from '../fixtures/bundle-directory.ts';
import { ControlPlane } from '../testbed/control-plane.ts';

let plane: ControlPlane;
let admin: Transport;
let facts: KubeconfigFacts;
beforeAll(async () => {
  plane = await ControlPlane.start();
  admin = plane.transport('admin');
  facts = { path: 'kubeconfig', context: 'bed', server: plane.server, user: 'ada' };
  await post('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'lab-vm' } });
});
afterAll(() => plane.close());

async function post(path: string, body: object): Promise<Json> {
  const answer = await admin.request({ method: 'POST', path, body });
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

const user = 'novasphere-installer';

async function withToken(token: string) {
  const { tls } = await plane.access('admin').current();
  const access = {
    current: async () => ({ server: plane.server, headers: { authorization: `Bearer ${token}` }, tls }),
  };
  return { access, transport: undiciTransport(access) };
}

it('meets a real API server', async () => {
  const { access, transport } = await withToken(plane.token('admin'));

  expect(await meet({ facts, access, transport, clock: { sleep: async () => {} } })).toBe('v1.35.8');
  await transport.close();
});

it('is told by a real API server that it does not know this token', async () => {
  const { access, transport } = await withToken('of-nobody');

  await expect(meet({ facts, access, transport, clock: { sleep: async () => {} } })).rejects.toMatchObject({
    code: 'CLUSTER-DENIED',
    cause: 'it answers: Unauthorized',
  });
  await transport.close();
});

it('asks a real API server which rights are missing', async () => {
  const metadata = { name: 'viewer', namespace: 'default' };
  await post('/api/v1/namespaces/default/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  // Everything of the core group, and nothing else.
  await post('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'core' },
    rules: [{ apiGroups: [''], resources: ['*'], verbs: ['*'] }],
  });
  await post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'viewer' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'core' },
    subjects: [{ kind: 'ServiceAccount', name: 'viewer', namespace: 'default' }],
  });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { status } = await post('/api/v1/namespaces/default/serviceaccounts/viewer/token', request);
  const { transport } = await withToken(status.token);

  const fault: Json = await requireRights(transport, facts, ['longhorn.io']).catch((error: unknown) => error);
  await transport.close();

  expect(fault.code).toBe('CLUSTER-DENIED');
  expect(fault.evidence.slice(0, 2)).toEqual(['may not patch deployments.apps', 'may not patch daemonsets.apps']);
});

it('plans for a real cluster without a single write', async () => {
  const folder = scratch();
  const bundle = await bundleDirectory(join(folder, 'bundle'));
  const kubeconfig = await plane.kubeconfig(user);

  const words = ['plan', 'profiles/lab-vm.yaml', '--bundle', bundle, '--kubeconfig', kubeconfig];
  const { exitCode, out, err } = await launch(words, { NOVASPHERE_STATE: join(folder, 'state') }).ended;

  expect(exitCode, err).toBe(0);
  expect(out).toContain('this machine is no node of the cluster');
  const own = (await plane.audit()).filter((line) => line.user === user);
  expect(own.length).toBeGreaterThan(10);
  expect(own.filter(({ mutating }) => mutating)).toEqual([]);
});
