import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Case } from '../case.ts';
import type { Scene } from '../scene.ts';
import { initFailing, unschedulable, waiting } from '../states.ts';

const apiVersion = 'kubevirt.io/v1';
const handlerLabels = { 'kubevirt.io': 'virt-handler' };

async function kubevirt(scene: Scene, status: Json, spec: Json = {}): Promise<KubeObject> {
  return scene.make(
    { apiVersion, kind: 'KubeVirt', metadata: { name: 'kubevirt', namespace: 'kubevirt' }, spec },
    status,
  );
}

const deploying = (scene: Scene, reason: string, message: string, more: readonly Json[] = []): Json => ({
  phase: 'Deploying',
  conditions: [
    ...more,
    ...scene.conditions(
      ['Available', 'False', reason, message],
      ['Progressing', 'False', reason, message],
      ['Degraded', 'True', reason, message],
    ),
  ],
});

export async function handler(scene: Scene, status: Json, container = 'virt-handler'): Promise<KubeObject> {
  const pod = await scene.workload('DaemonSet', 'kubevirt', 'virt-handler', {
    labels: handlerLabels,
    ...(container === 'virt-handler' ? {} : { init: container }),
  });
  return scene.podStatus(pod, status);
}

export const kubevirtCases: readonly Case[] = [
  {
    ids: [59],
    name: 'libvirt-on-the-host',
    async build(scene) {
      await scene.node();
      const pod = await handler(scene, initFailing('virt-launcher', 'virt-handler'), 'virt-launcher');
      scene.says(
        pod,
        'virt-launcher',
        'error: failed to get emulator capabilities\nerror: Cannot check QEMU binary /usr/libexec/qemu-kvm: cannot execute binary /usr/libexec/qemu-kvm: Permission denied',
      );
    },
  },
  {
    ids: [63],
    name: 'no-control-plane-node-for-kubevirt',
    async build(scene) {
      await scene.node('node-a', [], { labels: { 'node-role.kubernetes.io/control-plane': 'false' } });
      await kubevirt(
        scene,
        deploying(scene, 'DeploymentInProgress', 'Deploying version v1.8.4 with registry quay.io/kubevirt'),
      );
      await scene.pod(
        'kubevirt',
        'virt-api-1',
        { spec: { schedulerName: 'nobody' } },
        unschedulable("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."),
      );
    },
  },
  {
    ids: [64],
    name: 'second-kubevirt',
    async build(scene) {
      const message = 'there is already an active KubeVirt deployment';
      await kubevirt(
        scene,
        deploying(
          scene,
          'ExistingDeployment',
          message,
          scene.conditions(['Synchronized', 'False', 'ExistingDeployment', message]),
        ),
      );
    },
  },
  {
    ids: [66],
    name: 'kubevirt-without-its-operator',
    async build(scene) {
      const one = {
        apiVersion,
        kind: 'KubeVirt',
        metadata: { name: 'kubevirt', namespace: 'kubevirt', finalizers: ['foregroundDeleteKubeVirt'] },
        spec: {},
      };
      const made = await scene.make(one, { phase: 'Deployed' });
      await scene.bed.client.delete({ apiVersion, kind: 'KubeVirt', namespace: 'kubevirt', name: made.metadata.name });
    },
  },
  {
    ids: [68],
    name: 'virt-operator-older-than-kubevirt',
    async build(scene) {
      const said =
        'An error occurred during deployment: unable to create clusterrole kubevirt-controller: clusterroles.rbac.authorization.k8s.io "kubevirt-controller" is forbidden: user "system:serviceaccount:kubevirt:kubevirt-operator" (groups=["system:serviceaccounts"]) is attempting to grant RBAC permissions not currently held';
      await kubevirt(scene, deploying(scene, 'DeploymentFailed', said), { imageTag: 'v1.9.0' });
    },
  },
  {
    ids: [81],
    name: 'image-of-a-feature-gate-missing',
    async build(scene) {
      await scene.node();
      await kubevirt(
        scene,
        deploying(scene, 'DeploymentInProgress', 'Deploying version v1.9.0 with registry quay.io/kubevirt'),
      );
      const image = 'quay.io/kubevirt/virt-template-apiserver:v0.2.2';
      const pod = await scene.workload('Deployment', 'kubevirt', 'virt-template-apiserver', { image });
      await scene.podStatus(
        pod,
        waiting(
          'virt-template-apiserver',
          'ImagePullBackOff',
          `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://quay.io/v2/kubevirt/virt-template-apiserver/manifests/v0.2.2": dial tcp: lookup quay.io: no such host`,
        ),
      );
    },
  },
  {
    ids: [84],
    name: 'feature-gate-unknown',
    async build(scene) {
      const configuration = { developerConfiguration: { featureGates: ['Snapshot', 'HotPlugVolumes'] } };
      await kubevirt(
        scene,
        {
          phase: 'Deployed',
          conditions: scene.conditions(
            ['Available', 'True', 'AllComponentsReady'],
            ['Degraded', 'False', 'AllComponentsReady'],
          ),
        },
        { configuration },
      );
    },
  },
];
