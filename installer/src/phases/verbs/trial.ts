import type { Catalog } from '#catalog/catalog';
import type { KubeObject } from '#ports/cluster';
import { trialNamespace } from './trial-namespace.ts';

export interface Trial {
  /** What it tries, for whoever lists the pods: `dns`, `hairpin`, `plain`, `second-nic`, `volume`, `reach`. */
  readonly kind: string;
  readonly name: string;
  readonly image: string;
  /** For busybox's shell; its exit code is the answer. It retries by itself: a cluster needs a moment. */
  readonly script: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** A claim to use: mounted at /data, or as the device /dev/trial when it is a block volume. */
  readonly volume?: { readonly claim: string; readonly mode: 'Filesystem' | 'Block' };
  readonly ports?: readonly number[];
}

/** A pod that tries one thing and ends: the same on a real cluster and in a rehearsal. */
export function trialPod(trial: Trial): KubeObject {
  const { kind, name, volume, annotations } = trial;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: trial.namespace ?? trialNamespace,
      labels: {
        'app.kubernetes.io/managed-by': 'novasphere-installer',
        ...trial.labels,
        'novasphere.dev/trial': kind,
      },
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      containers: [containerFor(trial)],
      ...(volume === undefined
        ? {}
        : { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: volume.claim } }] }),
    },
  };
}

function containerFor({ image, script, volume, ports = [] }: Trial): object {
  return {
    name: 'trial',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', script],
    ...(ports.length === 0 ? {} : { ports: ports.map((containerPort) => ({ containerPort, protocol: 'TCP' })) }),
    ...mounted(volume),
  };
}

function mounted(volume: Trial['volume']): object {
  if (volume === undefined) return {};
  return volume.mode === 'Block'
    ? { volumeDevices: [{ name: 'data', devicePath: '/dev/trial' }] }
    : { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
}

/** The image that trial pods run: busybox, which k3s brings. */
export function trialImage(catalog: Catalog): string {
  const found = catalog.components.k3s.images.find(({ reference }) => reference.includes('busybox'));
  if (found === undefined) throw new Error('the catalog has no busybox among the images of k3s');
  return found.reference;
}
