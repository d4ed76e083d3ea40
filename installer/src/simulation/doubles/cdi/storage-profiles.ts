import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { isAvailable } from '../readiness.ts';
import type { Shelf } from '../shelf.ts';

/** How claims of a storage class may be asked for, best first. */
export interface ClaimProperties {
  readonly accessModes: readonly string[];
  readonly volumeMode: 'Block' | 'Filesystem';
}

const core = 'cdi.kubevirt.io/v1beta1';
const rwo = ['ReadWriteOnce'];
const rwx = ['ReadWriteMany'];

function longhorn(parameters: Readonly<Record<string, string>>): readonly ClaimProperties[] {
  const block = { accessModes: rwo, volumeMode: 'Block' } as const;
  const file = { accessModes: rwo, volumeMode: 'Filesystem' } as const;
  if (parameters.migratable === 'true') return [{ accessModes: rwx, volumeMode: 'Block' }, block];
  if (parameters.nfsOptions !== undefined) return [{ accessModes: rwx, volumeMode: 'Filesystem' }, file];
  return [parameters.fsType === undefined ? block : file];
}

/** What CDI v1.65.0 knows about a storage class by its provisioner; nothing about a stranger. */
export function claimProperties(storageClass: KubeObject): readonly ClaimProperties[] {
  const { provisioner, parameters = {} } = storageClass as Json;
  if (provisioner === 'driver.longhorn.io') return longhorn(parameters);
  if (provisioner === 'rancher.io/local-path') return [{ accessModes: rwo, volumeMode: 'Filesystem' }];
  return [];
}

const defaults = ['storageclass.kubevirt.io/is-default-virt-class', 'storageclass.kubernetes.io/is-default-class'];

/** The storage class that a claim without one gets: the one for VMs before the general one. */
export function defaultClass(classes: Shelf): KubeObject | undefined {
  const marked = (annotation: string) =>
    classes.all().filter((one) => one.metadata.annotations?.[annotation] === 'true');
  for (const annotation of defaults) {
    // Of two defaults the newest wins, as in Kubernetes itself.
    const found = marked(annotation).sort((a, b) =>
      (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''),
    );
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}

/** cdi-deployment's part for storage: one profile for each class, and the configuration that names the scratch class. */
export function storageProfiles(
  stage: Stage,
  cdis: Shelf,
  deployments: Shelf,
): { readonly classes: Shelf; refresh(): void } {
  const queue = stage.queue(async () => {
    const controller = deployments.get('cdi-deployment', 'cdi');
    if (controller === undefined || !isAvailable(controller)) return;
    await configure(stage, cdis, classes);
    for (const one of classes.all()) await profile(stage, one);
  });
  const classes = stage.follow({ path: kindPath('storage.k8s.io/v1', 'StorageClass'), on: () => queue.add('all') });
  stage.bench.troubles.onChange?.(() => queue.add('all'), stage.bench.signal);
  return { classes, refresh: () => queue.add('all') };
}

async function profile(stage: Stage, storageClass: KubeObject): Promise<void> {
  const { name, uid } = storageClass.metadata;
  const found: Json = await stage.api.ensure({
    apiVersion: core,
    kind: 'StorageProfile',
    metadata: {
      name,
      labels: { app: 'containerized-data-importer', 'app.kubernetes.io/managed-by': 'cdi-controller' },
      ownerReferences: [{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name, uid }],
    },
    spec: {},
  });
  const isUnknown = stage.bench.troubles.has('storage-profile-empty', name);
  const status = {
    storageClass: name,
    provisioner: (storageClass as Json).provisioner,
    claimPropertySets: found.spec?.claimPropertySets ?? (isUnknown ? [] : claimProperties(storageClass)),
    cloneStrategy: 'copy',
    dataImportCronSourceFormat: 'pvc',
  };
  if (JSON.stringify(found.status ?? {}) === JSON.stringify(status)) return;
  await stage.api.patchStatus(`${kindPath(core, 'StorageProfile')}/${name}`, status);
}

async function configure(stage: Stage, cdis: Shelf, classes: Shelf): Promise<void> {
  const wished: Json = (cdis.all()[0] as Json)?.spec?.config ?? {};
  const found: Json = await stage.api.ensure({
    apiVersion: core,
    kind: 'CDIConfig',
    metadata: { name: 'config', labels: { app: 'containerized-data-importer', 'cdi.kubevirt.io': '' } },
    spec: wished,
  });
  const scratch = wished.scratchSpaceStorageClass ?? defaultClass(classes)?.metadata.name;
  const overhead = wished.filesystemOverhead?.global ?? '0.06';
  const status = {
    defaultPodResourceRequirements: {
      limits: { cpu: '750m', memory: '600M' },
      requests: { cpu: '100m', memory: '60M' },
    },
    filesystemOverhead: {
      global: overhead,
      storageClass: Object.fromEntries(classes.all().map((one) => [one.metadata.name, overhead])),
    },
    preallocation: wished.preallocation ?? false,
    ...(scratch !== undefined && { scratchSpaceStorageClass: scratch }),
  };
  if (JSON.stringify([found.spec, found.status]) === JSON.stringify([wished, status])) return;
  await stage.api.patch(`${kindPath(core, 'CDIConfig')}/config`, { spec: wished, status });
}
