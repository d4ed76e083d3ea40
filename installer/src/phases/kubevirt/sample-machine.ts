import type { KubeObject } from '#ports/cluster';

/** The smallest machine that KubeVirt's webhook has an opinion on; it is only ever created as a dry run. */
export const sampleMachine: KubeObject = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'novasphere-trial', namespace: 'default' },
  spec: {
    runStrategy: 'Halted',
    template: {
      spec: {
        domain: {
          devices: { disks: [{ name: 'boot', disk: { bus: 'virtio' } }] },
          memory: { guest: '128Mi' },
        },
        volumes: [{ name: 'boot', emptyDisk: { capacity: '64Mi' } }],
      },
    },
  },
};
