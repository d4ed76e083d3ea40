import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { uninstallJob, uninstallObjects } from '#phases/reset/cluster/longhorn-uninstall-objects';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import { type Stage, stage } from '../fixtures/rehearsed.ts';
import { resetOn } from '../fixtures/reset.ts';

// Each trap keeps a namespace Terminating for ever on a real cluster, until somebody finds out what holds it.

const deployment = (namespace: string, name: string): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name,
});
const service = (namespace: string, name: string): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Service',
  namespace,
  name,
});

async function installed(): Promise<Stage> {
  const site = await stage('single-node');
  await site.play();
  return site;
}

async function lose(site: Stage, ...refs: readonly ObjectRef[]): Promise<void> {
  for (const ref of refs) await site.world.cluster.remove(ref, { propagation: 'Background' });
  await site.world.clock.sleep(60_000);
}

/** What the journal of a reset tells of traps, and how it ended. */
async function reset(site: Stage) {
  const runs = await resetOn(site, { reach: 'cluster' }).play();
  const last = runs.at(-1);
  const told = runs.flatMap((run) => run.entries.flatMap((one) => (one.event === 'passed' ? one.evidence : [])));
  const faults = (last?.faults ?? []).map((fault) => fault.record());
  const left = (await site.world.cluster.list({ apiVersion: 'v1', kind: 'Namespace' })).map(
    ({ metadata }) => metadata.name,
  );
  site.world.close();
  expect(site.world.crash).toBeUndefined();
  return {
    outcome: last?.outcome,
    faults,
    left,
    told: told.filter((line) => / (is|are) (removed|taken off)$/.test(line)),
  };
}

const ownNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

describe('a reset of a cluster in which somebody has begun to take things off', () => {
  it('lets KubeVirt go whose operator was deleted before it', async () => {
    const site = await installed();
    await lose(site, deployment('kubevirt', 'virt-operator'));

    const { outcome, faults, left, told } = await reset(site);

    expect([outcome, faults, left]).toEqual(['done', [], ownNamespaces]);
    expect(told).toEqual([
      'ValidatingWebhookConfiguration virt-operator-validator refuses every deletion: no pod is ready behind its Service kubevirt/kubevirt-operator-webhook; it is removed',
      'KubeVirt kubevirt/kubevirt is held by its finalizer foregroundDeleteKubeVirt, and Deployment kubevirt/virt-operator is gone: nobody takes it off any more; it is taken off',
    ]);
  });

  it('lets CDI go whose operator was deleted before it', async () => {
    const site = await installed();
    await lose(site, deployment('cdi', 'cdi-operator'));

    const { outcome, faults, left, told } = await reset(site);

    expect([outcome, faults, left]).toEqual(['done', [], ownNamespaces]);
    expect(told).toEqual([
      'CDI cdi is held by its finalizer operator.cdi.kubevirt.io, and Deployment cdi/cdi-operator is gone: nobody takes it off any more; it is taken off',
    ]);
  });

  it('takes away the webhook of a Longhorn that is half gone', async () => {
    const site = await installed();
    const volume: KubeObject = {
      apiVersion: 'longhorn.io/v1beta2',
      kind: 'Volume',
      metadata: { name: 'by-hand', namespace: 'longhorn-system' },
      spec: { size: '1073741824', numberOfReplicas: 1, frontend: 'blockdev' },
    };
    await site.world.cluster.apply(volume);
    await lose(
      site,
      { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'longhorn-system', name: 'longhorn-manager' },
      service('longhorn-system', 'longhorn-admission-webhook'),
    );
    const runs = await resetOn(site, { reach: 'cluster' }).play({ consents: new Set(['volume by-hand (1 GiB)']) });
    const told = runs.flatMap((run) => run.entries.flatMap((one) => (one.event === 'passed' ? one.evidence : [])));

    expect(runs.at(-1)?.faults).toEqual([]);
    expect(told).toContain(
      'ValidatingWebhookConfiguration longhorn-webhook-validator refuses every deletion: its Service longhorn-system/longhorn-admission-webhook does not exist any more; it is removed',
    );
    site.world.close();
  });

  it('removes the API of a KubeVirt that does not answer any more, with which no namespace could be emptied', async () => {
    const site = await installed();
    await lose(
      site,
      { apiVersion: 'kubevirt.io/v1', kind: 'KubeVirt', namespace: 'kubevirt', name: 'none' },
      deployment('kubevirt', 'virt-operator'),
      deployment('kubevirt', 'virt-api'),
      service('kubevirt', 'virt-api'),
    );

    const { outcome, faults, left, told } = await reset(site);

    expect([outcome, faults, left]).toEqual(['done', [], ownNamespaces]);
    expect(told).toContain(
      'APIService v1.subresources.kubevirt.io keeps Namespace cdi from being emptied: service/virt-api in "kubevirt" is not present; it is removed',
    );
  });

  it('lets challenges go whose cert-manager was deleted before them', async () => {
    const site = await installed();
    const { cluster } = site.world;
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await cluster.apply({
      apiVersion: 'acme.cert-manager.io/v1',
      kind: 'Challenge',
      metadata: { name: 'shop-1', namespace: 'shop', finalizers: ['acme.cert-manager.io/finalizer'] },
      spec: { type: 'DNS-01', dnsName: 'shop.example' },
    });
    await lose(site, deployment('cert-manager', 'cert-manager'));

    const { outcome, faults, left, told } = await reset(site);

    expect([outcome, faults, left]).toEqual(['done', [], [...ownNamespaces, 'shop']]);
    expect(told).toEqual([
      'Challenge shop/shop-1 is held by its finalizer acme.cert-manager.io/finalizer, and Deployment cert-manager/cert-manager is gone: nobody takes it off any more; it is taken off',
    ]);
  });
});

describe('a reset that meets what is not its own', () => {
  it('leaves the finalizer of somebody else alone, and says who holds what', async () => {
    const site = await installed();
    const { cluster } = site.world;
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'ledger', namespace: 'cdi', finalizers: ['backup.example/guard'] },
    });

    const { outcome, faults } = await reset(site);

    expect(outcome).toBe('timed-out');
    expect(faults).toMatchInlineSnapshot(`
      [
        {
          "because": [
            "in it the finalizer backup.example/guard is none that Novasphere may take off",
          ],
          "code": "DELETION-STUCK",
          "evidence": [
            "NamespaceContentRemaining: Some resources are remaining: configmaps. has 1 resource instances",
            "NamespaceFinalizersRemaining: Some content in the namespace has finalizers remaining: backup.example/guard in 1 resource instances",
          ],
          "message": "Namespace cdi was deleted and does not go",
          "remedy": [
            "kubectl get configmaps --namespace cdi -o yaml          who holds it",
            "end or repair whoever that is, then run the same command again",
          ],
          "where": [
            "object Namespace cdi",
            "host plant-7-a",
            "step reset-cdi/rest",
          ],
        },
      ]
    `);
  });

  it('says which API keeps namespaces from going, when it is none of the platform', async () => {
    const site = await installed();
    await lose(site, deployment('kube-system', 'metrics-server'), service('kube-system', 'metrics-server'));

    const { faults } = await reset(site);

    expect(faults).toMatchInlineSnapshot(`
      [
        {
          "because": [
            "the API metrics.k8s.io/v1beta1 does not answer, so that nobody knows whether the namespace is empty",
          ],
          "code": "DELETION-STUCK",
          "evidence": [
            "NamespaceDeletionDiscoveryFailure: Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1",
          ],
          "message": "Namespace cdi was deleted and does not go",
          "remedy": [
            "kubectl get apiservice v1beta1.metrics.k8s.io          who should answer, and why not",
            "repair it, or delete that APIService, then run the same command again",
          ],
          "where": [
            "object Namespace cdi",
            "host plant-7-a",
            "step reset-cdi/rest",
          ],
        },
      ]
    `);
  });

  it('stops with the words of KubeVirt when somebody has made a virtual machine meanwhile', async () => {
    const site = await installed();
    const { cluster } = site.world;
    const machine: KubeObject = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'late', namespace: 'default' },
      spec: { runStrategy: 'Halted', template: { spec: { domain: { devices: {} } } } },
    };
    const view = {
      show: (entry: { event: string; step?: string }) => {
        if (entry.event === 'step-began' && entry.step === 'reset-kubevirt/platform') void cluster.apply(machine);
      },
      close: async () => {},
    };
    const runs = await resetOn(site, { reach: 'cluster' }).play({ view });

    expect(runs.at(-1)?.faults.map((fault) => fault.record())).toMatchInlineSnapshot(`
      [
        {
          "because": [
            "admission webhook "kubevirt-validator.kubevirt.io" denied the request: Rejecting the uninstall request, since there are still Virtual Machines present. Either delete all KubeVirt related workloads or change the uninstall strategy before uninstalling KubeVirt.",
          ],
          "code": "CONSENT-MISSING",
          "evidence": [],
          "message": "KubeVirt does not let itself be removed: something that it runs was made meanwhile",
          "remedy": [
            "novasphere reset PROFILE          lists what is there now, and wants it named",
          ],
          "where": [
            "object KubeVirt kubevirt/kubevirt",
            "host plant-7-a",
            "step reset-kubevirt/platform",
          ],
        },
      ]
    `);
    site.world.close();
  });
});

describe('the uninstallation of Longhorn', () => {
  it('is refused by Longhorn itself until it is told that deletion is meant', async () => {
    const site = await installed();
    const { cluster, clock } = site.world;
    for (const object of uninstallObjects('docker.io/longhornio/longhorn-manager:v1.12.1')) await cluster.apply(object);
    await clock.sleep(120_000);
    const job: Json = await cluster.get(uninstallJob);
    const pods = await cluster.list({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'longhorn-system',
      labelSelector: 'job-name=longhorn-uninstall',
    });
    const log = await cluster.logs({ namespace: 'longhorn-system', name: pods[0]?.metadata.name ?? '' });

    expect(job.status.conditions.map(({ type }: Json) => type)).toContain('Failed');
    expect(log).toContain('cannot uninstall Longhorn because deleting-confirmation-flag is set to false');

    const { outcome, faults } = await reset(site);

    expect([outcome, faults]).toEqual(['done', []]);
  });
});
