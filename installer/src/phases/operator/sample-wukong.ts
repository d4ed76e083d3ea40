import type { KubeObject } from '#ports/cluster';

/** A virtual machine that is only ever created as a dry run. */
export const sampleWukong: KubeObject = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name: 'novasphere-trial', namespace: 'default' },
  spec: { cpu: 1, memory: '128Mi', disks: [{ name: 'boot', size: '64Mi', boot: true }] },
};

/** The same with a mistake that has to be found. */
export const wrongWukong: KubeObject = { ...sampleWukong, spec: { ...sampleWukong['spec'], cpu: 0 } };
