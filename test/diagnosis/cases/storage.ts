import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Case } from '../case.ts';
import type { Scene } from '../scene.ts';
import { crashing, unschedulable } from '../states.ts';
import { claim, storageClass } from './storage-objects.ts';

const apiVersion = 'cdi.kubevirt.io/v1beta1';
const registry = { registry: { url: 'docker://registry.example.test/disks/debian:13' } };

/** A disk of CDI in a phase; conditions as CDI writes them. */
async function disk(
  scene: Scene,
  phase: string,
  conditions: readonly Json[] = [],
  source: Json = registry,
): Promise<KubeObject> {
  const spec = { source, storage: { resources: { requests: { storage: '1Gi' } } } };
  const told = conditions.map((one) => ({
    ...one,
    lastHeartbeatTime: scene.time(60),
    lastTransitionTime: scene.time(60),
  }));
  return scene.make(
    { apiVersion, kind: 'DataVolume', metadata: { name: 'debian', namespace: 'default' }, spec },
    { phase, conditions: told, progress: 'N/A' },
  );
}

/** The importer of the disk ends again and again with these words. */
async function importerSays(scene: Scene, text: string): Promise<void> {
  await scene.node();
  await disk(scene, 'ImportInProgress', [{ type: 'Running', status: 'False', reason: 'Error', message: text }]);
  const pod = await scene.pod(
    'default',
    'importer-debian',
    { container: 'importer', labels: { app: 'containerized-data-importer' } },
    crashing('importer'),
  );
  scene.says(
    pod,
    'importer',
    `I1121 06:00:00.000000       1 importer.go:100] Starting importer\nE1121 06:00:01.000000       1 importer.go:177] ${text}`,
  );
}

const importer = (id: number, name: string, text: string): Case => ({
  ids: [id],
  name,
  build: (scene) => importerSays(scene, text),
});

export const storageCases: readonly Case[] = [
  importer(70, 'devices-closed-to-pods', 'blockdev: cannot open /dev/cdi-block-volume: Permission denied'),
  {
    ids: [71],
    name: 'no-storage-class-to-choose',
    async build(scene) {
      const one = await disk(scene, '');
      await scene.event(
        one,
        'ErrClaimNotValid',
        'PVC spec is missing accessMode and no storageClass to choose profile',
        7,
      );
    },
  },
  {
    ids: [72],
    name: 'disk-waits-for-its-first-user',
    build: async (scene) => void (await disk(scene, 'PendingPopulation', [], { blank: {} })),
  },
  {
    ids: [73],
    name: 'no-scratch-space',
    async build(scene) {
      await scene.node();
      await storageClass(scene);
      const one = await disk(scene, 'ImportScheduled');
      await scene.event(
        one,
        'ErrExceededQuota',
        'persistentvolumeclaims "prime-1-scratch" is forbidden: exceeded quota: small, requested: requests.storage=1Gi, used: requests.storage=9Gi, limited: requests.storage=9Gi',
        3,
      );
    },
  },
  {
    ids: [73, 39],
    name: 'scratch-space-unbound',
    async build(scene) {
      await scene.node();
      await storageClass(scene);
      await disk(scene, 'ImportScheduled');
      const scratch = await claim(scene, 'debian-scratch');
      await scene.event(
        scratch,
        'ProvisioningFailed',
        'failed to provision volume with StorageClass "longhorn": rpc error: code = ResourceExhausted desc = insufficient storage',
      );
      const volumes = [{ name: 'scratch', persistentVolumeClaim: { claimName: 'debian-scratch' } }];
      const said = '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found';
      await scene.pod(
        'default',
        'importer-debian',
        { container: 'importer', volumes, spec: { schedulerName: 'nobody' } },
        unschedulable(said),
      );
    },
  },
  importer(
    74,
    'registry-not-trusted',
    'Get "https://registry.example.test/v2/": http: server gave HTTP response to HTTPS client',
  ),
  importer(
    75,
    'disk-too-small',
    'Unable to process data: Virtual image size 2361393152 is larger than the reported available storage 1010827264. A larger PVC is required.',
  ),
  {
    ids: [76],
    name: 'cdi-older-than-before',
    async build(scene) {
      const conditions = scene.conditions(
        ['Degraded', 'True', 'ReconcileError', 'operator downgraded, will not reconcile'],
        ['Available', 'False', 'ReconcileError', 'operator downgraded, will not reconcile'],
      );
      await scene.make(
        { apiVersion, kind: 'CDI', metadata: { name: 'cdi' }, spec: {} },
        { phase: 'Error', conditions },
      );
    },
  },
  {
    ids: [77],
    name: 'clone-impossible',
    async build(scene) {
      const one = await disk(scene, 'CloneScheduled', [], { pvc: { name: 'golden', namespace: 'default' } });
      await scene.event(one, 'NoVolumeSnapshotClass', 'No compatible volumesnapshotclass found');
    },
  },
  {
    ids: [77],
    name: 'volume-lost',
    async build(scene) {
      const annotations = { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' };
      const spec = {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'longhorn',
        volumeName: 'pvc-gone',
        resources: { requests: { storage: '1Gi' } },
      };
      const metadata = { name: 'data', namespace: 'default', annotations };
      const data = await scene.make({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec });
      await scene.status(data, { phase: 'Lost' });
    },
  },
  {
    ids: [78],
    name: 'two-default-classes',
    async build(scene) {
      const metadata = { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } };
      await storageClass(scene, 'longhorn', { metadata });
      await storageClass(scene, 'local-path', { metadata });
    },
  },
];
