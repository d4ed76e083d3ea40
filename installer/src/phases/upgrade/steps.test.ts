import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import { loadProfile } from '#profile/load';
import type { Node } from '#profile/schema';
import { fakeStage } from '../verbs/fake-stage.ts';
import { platformFit } from './fitness-step.ts';
import { skewFault } from './refused.ts';
import { etcdKept } from './snapshot-step.ts';
import { clusterVersionsFit, versionsFit } from './versions-step.ts';

const root = resolve(import.meta.dirname, '../../../..');
const file = join(root, 'profiles/single-node.yaml');
const { profile } = loadProfile(readFileSync(file), file);
const catalog = await loadCatalog(root);
const site: Site = { profile, catalog, node: profile.nodes[0] as Node, upgrading: true };

function node(kubeletVersion: string, ready = 'True'): Json {
  const conditions = [{ type: 'Ready', status: ready, message: 'Kubelet stopped posting node status.' }];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'plant-7-a' },
    status: { nodeInfo: { kubeletVersion }, conditions },
  };
}

function deployment(namespace: string, name: string, image: string): Json {
  const spec = { template: { spec: { containers: [{ name, image }] } } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec };
}

/** A cluster with the cert-manager of the release before and whatever else. */
function older(...more: readonly Json[]) {
  const stage = fakeStage();
  stage.cluster.put(
    deployment('cert-manager', 'cert-manager', 'quay.io/jetstack/cert-manager-controller:v1.20.3'),
    ...more,
  );
  return stage;
}

async function faultOf(step: ReturnType<typeof platformFit>, stage: ReturnType<typeof fakeStage>) {
  const found = await step.probe(stage);
  return found.state === 'blocked' ? found.fault.record() : found;
}

it('takes a version from what a component says of itself before it believes an image', async () => {
  const stage = older(
    deployment('kubevirt', 'virt-operator', 'quay.io/kubevirt/virt-operator:v1.8.4'),
    {
      apiVersion: 'kubevirt.io/v1',
      kind: 'KubeVirt',
      metadata: { name: 'kubevirt', namespace: 'kubevirt' },
      status: { observedKubeVirtVersion: 'v1.7.4' },
    },
    deployment('cdi', 'cdi-operator', 'localhost:5000/kubevirt/cdi-operator:v1.65.0@sha256:0123'),
    deployment('nmstate', 'nmstate-operator', 'quay.io/nmstate/kubernetes-nmstate-operator:latest'),
  );

  const found = await clusterVersionsFit(site).probe(stage);

  // CDI comes from a registry of the site, and NMState says nothing that is a version.
  expect(found).toEqual({ state: 'converged', notes: ['KubeVirt v1.7.4 → v1.8.4', 'cert-manager v1.20.3 → v1.21.1'] });
});

it('looks at nothing but k3s itself where no cluster runs yet', async () => {
  const stage = older();

  expect(await versionsFit({ ...site, node: { ...site.node, role: 'agent' } }).probe(stage)).toEqual({
    state: 'converged',
  });
});

it('waits for a node that is not Ready, and names it when patience ends', async () => {
  const stage = older(node('v1.35.8+k3s1', 'Unknown'));
  const step = platformFit(site);

  const found = await step.probe(stage);
  const verdict = await step.gate?.check(stage);
  const fault = await step.gate?.explain?.(stage, '');

  expect(found).toMatchObject({
    state: 'converged',
    notes: [
      'cert-manager v1.20.3 → v1.21.1',
      'no machine is running',
      'waits: node plant-7-a is not Ready: Kubelet stopped posting node status.',
    ],
  });
  expect(verdict).toEqual({
    ready: false,
    because: 'node plant-7-a is not Ready: Kubelet stopped posting node status.',
  });
  expect(fault?.record()).toMatchInlineSnapshot(`
    {
      "because": [
        "an upgrade begins on a platform that is well, or it ends on one that is worse",
      ],
      "code": "UPGRADE-UNFIT",
      "evidence": [],
      "message": "node plant-7-a is not Ready: Kubelet stopped posting node status.",
      "remedy": [
        "kubectl describe node plant-7-a",
      ],
      "where": [],
    }
  `);
});

it('tells everything that is in the way at once, and begins with what does not pass by itself', async () => {
  const cordoned = { ...node('v1.35.8+k3s1', 'Unknown'), spec: { unschedulable: true } };

  expect(await faultOf(platformFit(site), older(cordoned))).toMatchInlineSnapshot(`
    {
      "because": [],
      "code": "UPGRADE-UNFIT",
      "evidence": [
        "node plant-7-a takes no new pods, because somebody has cordoned it",
        "node plant-7-a is not Ready: Kubelet stopped posting node status.",
      ],
      "message": "2 things are in the way of an upgrade",
      "remedy": [
        "kubectl uncordon plant-7-a",
        "kubectl describe node plant-7-a",
      ],
      "where": [],
    }
  `);
});

it('asks for consent where no snapshot of etcd can be taken', async () => {
  expect(await faultOf(etcdKept(site), older())).toMatchInlineSnapshot(`
    {
      "because": [
        "plant-7-a runs no server of this cluster: it is only reached through its kubeconfig",
      ],
      "code": "CONSENT-MISSING",
      "evidence": [],
      "message": "no snapshot of etcd can be taken from here, and without one there is no way back",
      "remedy": [
        "k3s etcd-snapshot save          on the first server of the cluster, or what keeps its datastore",
        "novasphere upgrade PROFILE --bundle DIR --without-snapshot          once that is done",
      ],
      "where": [],
    }
  `);
});

it('goes without a snapshot of etcd when somebody has agreed to that, and says so', async () => {
  expect(await etcdKept({ ...site, withoutSnapshot: true }).probe(older())).toEqual({
    state: 'converged',
    notes: ['no snapshot of etcd was taken: --without-snapshot agreed to that'],
  });
});

it('asks for nothing when nothing becomes another version', async () => {
  const stage = fakeStage();

  expect(await platformFit(site).probe(stage)).toMatchObject({ state: 'converged' });
  expect(await etcdKept(site).probe(stage)).toEqual({ state: 'converged' });
  expect(await platformFit(site).gate?.check(stage)).toEqual({ ready: true, evidence: [] });
});

it('tells every version that cannot be had, and the way to those that have one', () => {
  const refusals = [
    { name: 'longhorn', reason: 'Longhorn v1.10.2 cannot become v1.12.1: …', path: ['v1.10.2', 'v1.11.3', 'v1.12.1'] },
    { name: 'cdi', reason: 'CDI v1.66.0 cannot become v1.65.0: …' },
  ] as const;

  expect(skewFault(refusals).record()).toMatchInlineSnapshot(`
    {
      "because": [],
      "code": "VERSION-SKEW",
      "evidence": [
        "Longhorn v1.10.2 cannot become v1.12.1: …",
        "CDI v1.66.0 cannot become v1.65.0: …",
        "Longhorn: v1.10.2 → v1.11.3 → v1.12.1",
      ],
      "message": "2 components cannot go from their version to the one of this release",
      "remedy": [
        "novasphere upgrade PROFILE --bundle DIR          with each release on that way, one after the other",
        "use the release of Novasphere that fits what is installed, or a newer one",
      ],
      "where": [],
    }
  `);
});
