import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { settingsOf } from '#operator/runtime/flags';
import { Insight } from '#operator/runtime/insight';
import { systemTime } from '#operator/runtime/time';
import { startOperator } from '#operator/start';
import { root } from '../fixtures/rehearsed.ts';
import { silentLog } from '../fixtures/silent-log.ts';
import type { AuditLine } from '../testbed/audit.ts';
import type { ControlPlane } from '../testbed/control-plane.ts';
import { lifeOfABridge, lifeOfAMachine, seen } from '../testbed/machine-life.ts';
import { grantedBy, usedBy } from '../testbed/rights.ts';
import { operatorPod } from '../testbed/users.ts';
import { WukongBed } from '../testbed/wukong-bed.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const namespace = 'novasphere-system';
const name = 'wukong-operator';

/** What nobody sees being used here, and why it is granted. */
const kept: Readonly<Record<string, string>> = {
  'get datavolumes.cdi.kubevirt.io': 'a name that is taken (409) is looked at when the copy does not show by whom',
  'get network-attachment-definitions.k8s.cni.cncf.io': 'the same',
  'get persistentvolumeclaims': 'the same',
  'patch events.events.k8s.io': 'what happens again is counted in the event that is there',
  'update wukongs.vm.novasphere.dev/finalizers': 'asked for where OwnerReferencesPermissionEnforcement is on',
  'update wukongsnapshots.vm.novasphere.dev/finalizers': 'the same',
};

let bed: WukongBed;
let asked: readonly AuditLine[];
let admin: ReturnType<ControlPlane['transport']>;
beforeAll(async () => {
  // Without a bridge of the installer's, so that a NIC is free for one of the operator's; the simulated machine has its
  // addresses on its first NIC.
  const text = (all: string) => all.replace(/^ {6}bridges:\n( {8}.*\n)+/m, '').replaceAll('lan0', 'port0');
  bed = await WukongBed.open({ profile: 'single-node', haste: 0.005, text });
  admin = bed.stage.site.plane.transport('admin');
  const scaled = (replicas: number) =>
    bed.admin.patch({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name }, { spec: { replicas } });
  await scaled(2);
  await lifeOfAMachine(bed);
  // A watch is in the audit log once it has ended.
  await scaled(0);
  await seen(async () => {
    const ended = (await bed.asked()).filter(({ verb }) => verb === 'watch');
    return ['/wukongs?', '/leases?'].every((path) => ended.some(({ uri }) => uri.includes(path)));
  });
  asked = await bed.asked();
}, 280_000);
afterAll(async () => {
  await admin?.close();
  await bed?.close();
});

describe('the rights of the operator', () => {
  it('B22: let it do all that can be asked of it', () => {
    const refused = asked.filter(({ code }) => code === 403);

    expect(refused.map(({ verb, uri }) => `${verb} ${uri}`)).toEqual([]);
  });

  it('are used, each of them, but for those that are named here with a reason', async () => {
    const shared: Json = await bed.admin.get({ apiVersion: rbac, kind: 'ClusterRole', name });
    const leading: Json = await bed.admin.get({ apiVersion: rbac, kind: 'Role', namespace, name: `${name}-leader` });
    const used = new Set(asked.flatMap(usedBy));

    const granted = [...grantedBy(shared), ...grantedBy(leading)];

    expect(granted.filter((right) => !used.has(right) && kept[right] === undefined)).toEqual([]);
    expect(Object.keys(kept).filter((right) => !granted.includes(right))).toEqual([]);
  });

  it.for([
    ['list', '', 'pods'],
    ['create', '', 'pods'],
    ['create', '', 'pods/exec'],
    ['get', '', 'configmaps'],
    ['list', '', 'nodes'],
    ['patch', '', 'nodes'],
    ['delete', '', 'secrets'],
    ['create', '', 'serviceaccounts/token'],
    ['impersonate', '', 'serviceaccounts'],
    ['create', 'vm.novasphere.dev', 'wukongs'],
    ['delete', 'vm.novasphere.dev', 'wukongs'],
    ['patch', 'storage.k8s.io', 'storageclasses'],
    ['patch', 'apiextensions.k8s.io', 'customresourcedefinitions'],
    ['create', 'nmstate.io', 'nodenetworkconfigurationpolicies'],
    ['bind', 'rbac.authorization.k8s.io', 'clusterroles'],
    ['update', 'coordination.k8s.io', 'leases'],
  ] as const)('do not let it %s %s %s', async ([verb, group, resource]) => {
    expect(await may(verb, group, resource)).toBe(false);
  });

  it('let it follow Wukongs: who asks what it may not do is answered truly', async () => {
    expect(await may('watch', 'vm.novasphere.dev', 'wukongs')).toBe(true);
  });
});

describe('the Deployment of the operator', () => {
  const place = 'guarded';
  const label = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  let template: Json;
  beforeAll(async () => {
    await bed.admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: place, labels: label } });
    await bed.admin.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: place, name } });
    template = ((await bed.admin.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name })) as Json).spec
      .template;
  });

  it('is let in where the Pod Security Standard “restricted” is enforced', async () => {
    expect(await podOf(template.spec)).toMatchObject({ status: 201 });
  });

  it('would be refused there as root', async () => {
    const securityContext = { ...template.spec.securityContext, runAsNonRoot: false };

    const { status, body } = await podOf({ ...template.spec, securityContext });

    expect(status).toBe(403);
    expect((body as Json).message).toContain('violates PodSecurity "restricted:latest": runAsNonRoot != true');
  });

  /** Tries to make the pod; nothing is kept. */
  function podOf(spec: Json) {
    const metadata = { name: 'trial', labels: template.metadata.labels };
    const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
    const path = `/api/v1/namespaces/${place}/pods`;
    return admin.request({ method: 'POST', path, query: { dryRun: 'All' }, body });
  }
});

describe('an operator that may make bridges on the nodes', () => {
  /** Seconds from creation until a Wukong first ran. */
  const waited: number[] = [];

  it('makes and removes one with the rights for that, and uses each of them', async () => {
    const { plane } = bed.stage.site;
    const rights = loadAll(readFileSync(join(root, 'operator/deploy/nmstate-rights.yaml'), 'utf8')) as KubeObject[];
    for (const object of rights) await bed.admin.apply(object);
    const before = (await plane.audit()).length;
    const stop = new AbortController();
    const transport = plane.transport('operator-pod');
    const flags = ['--enable-nmstate', '--nmstate-allowed-uplinks=port0:br-mill', '--nncp-deletion-policy=remove'];
    const insight = new Insight();
    insight.running = (seconds) => waited.push(seconds);
    const about = { transport, time: systemTime, namespace, identity: 'bridge-maker', log: silentLog, insight };
    const ended = startOperator({ ...about, signal: stop.signal, settings: settingsOf(flags, {}) });

    await lifeOfABridge(bed);

    stop.abort();
    await ended;
    const asked = await bed.asked(before);
    expect(asked.filter(({ code }) => code === 403).map(({ verb, uri }) => `${verb} ${uri}`)).toEqual([]);
    const used = new Set(asked.flatMap(usedBy));
    const reasons = { 'get nodenetworkconfigurationpolicies.nmstate.io': 'looked at when its name is taken (409)' };
    const unused = grantedBy(rights[0] as Json).filter((right) => !used.has(right));
    expect(unused).toEqual(Object.keys(reasons));
    await transport.close();
  });

  it('tells how long the machine on it took to run', () => {
    expect(waited).toEqual([expect.any(Number)]);
  });
});

/** What the API server's own authorizer says of the operator, anywhere in the cluster. */
async function may(verb: string, group: string, full: string): Promise<boolean> {
  const [resource, subresource = ''] = full.split('/');
  const resourceAttributes = { verb, group, resource, subresource };
  const spec = { user: operatorPod, groups: ['system:serviceaccounts', 'system:authenticated'], resourceAttributes };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  const answer = await admin.request({ method: 'POST', path, body });
  return (answer.body as Json).status.allowed;
}
