import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import { bootCounter } from './boot-counter.ts';

export const sampleNamespace = 'novasphere-verify';
export const sampleName = 'novasphere-sample';
/** How the operator names the KubeVirt machine of a Wukong; the guest's host name is the same. */
export const machineName = `${sampleName}-vm`;
const scriptName = `${sampleName}-script`;

const metadata = { namespace: sampleNamespace, labels: { 'app.kubernetes.io/managed-by': 'novasphere-installer' } };

export const namespace: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: sampleNamespace, labels: metadata.labels },
};

export const script: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { ...metadata, name: scriptName },
  type: 'Opaque',
  data: { userdata: Buffer.from(bootCounter).toString('base64') },
};

/** What the verification boots: one disk from an image, one empty disk, the pod network. */
export function sampleWukong({ profile, catalog }: Site): KubeObject {
  const image = catalog.components['sample-vm'].images[0]?.reference;
  return {
    apiVersion: 'vm.novasphere.dev/v1alpha1',
    kind: 'Wukong',
    metadata: { ...metadata, name: sampleName },
    spec: {
      cpu: 1,
      memory: `${Math.ceil(profile.verify.vm.memory / 2 ** 20)}Mi`,
      disks: [
        { name: 'boot', size: '128Mi', boot: true, image: `docker://${image}` },
        { name: 'data', size: '64Mi' },
      ],
      networks: [{ name: 'default' }],
      cloudInit: { userDataSecretRef: { name: scriptName } },
    },
  };
}
