import type { Json } from '#kube/json';

/** How a DataVolume is filled: the phases it goes through, in CDI's words, and the pod that does it. */
export interface Filling {
  readonly verb: 'Import' | 'Clone' | 'Upload';
  readonly pod: string;
}

export function fillingOf(volume: Json): Filling {
  const { name } = volume.metadata;
  const source = volume.spec.source ?? {};
  if (source.upload !== undefined) return { verb: 'Upload', pod: `cdi-upload-${name}` };
  if (source.pvc !== undefined || source.snapshot !== undefined) return { verb: 'Clone', pod: `cdi-upload-${name}` };
  return { verb: 'Import', pod: `importer-${name}` };
}

function sharedImage(volume: Json): string | undefined {
  const registry = volume.spec.source?.registry;
  return registry?.pullMethod === 'node' ? registry.url.replace(/^docker:\/\//, '') : undefined;
}

function containers(volume: Json, claim: Json, images: FillerImages): readonly Json[] {
  const { verb } = fillingOf(volume);
  const block = claim.spec.volumeMode === 'Block';
  const image = verb === 'Import' ? images.importer : images.uploadserver;
  const worker = { name: workerOf(volume), image, imagePullPolicy: 'IfNotPresent', args: ['-v=1'] };
  const device = { volumeDevices: [{ name: 'cdi-data-vol', devicePath: '/dev/cdi-block-volume' }] };
  const folder = { volumeMounts: [{ name: 'cdi-data-vol', mountPath: '/data' }] };
  const own = { ...worker, ...(block ? device : folder) };
  const shared = sharedImage(volume);
  if (shared === undefined) return [own];
  return [own, { name: 'server', image: shared, imagePullPolicy: 'IfNotPresent', command: ['/shared/server'] }];
}

function workerOf(volume: Json): string {
  return fillingOf(volume).verb === 'Import' ? 'importer' : 'cdi-upload-server';
}

/** The images of CDI that fill claims. */
export interface FillerImages {
  readonly importer: string;
  readonly uploadserver: string;
}

/** The pod that fills a claim. With pull method `node` it carries the disk image as a second container, so the node must have it. */
export function importerPod(volume: Json, claim: Json, images: FillerImages): Json {
  const { name, namespace, uid } = claim.metadata;
  const app = { app: 'containerized-data-importer', 'app.kubernetes.io/managed-by': 'cdi-controller' };
  const owner = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, uid };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: fillingOf(volume).pod,
      namespace,
      labels: { ...app, 'cdi.kubevirt.io': workerOf(volume) },
      annotations: { 'cdi.kubevirt.io/storage.import.importPvcName': name },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      containers: containers(volume, claim, images),
      restartPolicy: 'OnFailure',
      securityContext: { fsGroup: 107, runAsNonRoot: true, runAsUser: 107 },
      volumes: [{ name: 'cdi-data-vol', persistentVolumeClaim: { claimName: name } }],
    },
  };
}
