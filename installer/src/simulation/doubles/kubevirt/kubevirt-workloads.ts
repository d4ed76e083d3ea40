import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const certificates: Readonly<Record<string, readonly string[]>> = {
  'virt-api': ['kubevirt-virt-api-certs', 'kubevirt-virt-handler-certs'],
  'virt-controller': ['kubevirt-controller-certs', 'kubevirt-export-ca', 'kubevirt-backup-ca'],
  'virt-handler': [
    'kubevirt-virt-handler-server-certs',
    'kubevirt-virt-handler-migration-client-certs',
    'kubevirt-virt-handler-vsock-client-certs',
  ],
};
const accounts: Readonly<Record<string, string>> = {
  'virt-api': 'kubevirt-apiserver',
  'virt-controller': 'kubevirt-controller',
  'virt-handler': 'kubevirt-handler',
};
const onControlPlane = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: ['control-plane', 'master'].map((role) => ({
        matchExpressions: [{ key: `node-role.kubernetes.io/${role}`, operator: 'Exists' }],
      })),
    },
  },
};

function image(release: KubevirtRelease, name: string): string {
  return `${release.registry}/${name}:${release.version}`;
}

function container(release: KubevirtRelease, name: string, args: readonly string[], more: Json): Json {
  return {
    name,
    command: [name],
    args: [...args, '--port', '8443', '-v', '2'],
    image: image(release, name),
    imagePullPolicy: release.pullPolicy,
    ports: [{ containerPort: 8443, name: 'metrics', protocol: 'TCP' }],
    ...more,
  };
}

function probe(path: string, periodSeconds: number): Json {
  return { httpGet: { path, port: 8443, scheme: 'HTTPS' }, initialDelaySeconds: 15, periodSeconds };
}

function template(release: KubevirtRelease, name: string, spec: Json): Json {
  const own = operatorMetadata(release, {
    'kubevirt.io': name,
    'app.kubernetes.io/version': release.version,
    'prometheus.kubevirt.io': 'true',
  });
  const volumes = (certificates[name] ?? []).map((secretName) => ({
    name: secretName,
    secret: { secretName, optional: true },
  }));
  return {
    metadata: { name, labels: own.labels },
    spec: {
      serviceAccountName: accounts[name],
      priorityClassName: 'kubevirt-cluster-critical',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
      volumes,
      ...spec,
    },
  };
}

function workload(release: KubevirtRelease, kind: 'Deployment' | 'DaemonSet', name: string, spec: Json): KubeObject {
  const metadata = operatorMetadata(release, {
    'kubevirt.io': name,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/version': release.version,
  });
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { ...metadata, name, namespace: release.namespace },
    spec: {
      ...(kind === 'Deployment' && { replicas: release.replicas }),
      selector: { matchLabels: { 'kubevirt.io': name } },
      template: template(release, name, spec),
    },
  };
}

function budget(release: KubevirtRelease, name: string): KubeObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {
      ...operatorMetadata(release, { 'kubevirt.io': `${name}-pdb` }),
      name: `${name}-pdb`,
      namespace: release.namespace,
    },
    spec: { minAvailable: 1, selector: { matchLabels: { 'kubevirt.io': name } } },
  };
}

/** First of all the API: it validates what the others will act on. */
export function virtApi(release: KubevirtRelease): readonly KubeObject[] {
  const api = container(release, 'virt-api', ['--console-server-port', '8186', '--subresources-only'], {
    readinessProbe: probe('/apis/subresources.kubevirt.io/v1/healthz', 10),
    resources: { requests: { cpu: '5m', memory: '500Mi' } },
  });
  return [
    workload(release, 'Deployment', 'virt-api', { affinity: onControlPlane, containers: [api] }),
    budget(release, 'virt-api'),
  ];
}

function handler(release: KubevirtRelease): Json {
  const args = ['--hostname-override', '$(NODE_NAME)', '--graceful-shutdown-seconds', '315'];
  const daemon = container(release, 'virt-handler', args, {
    env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } }],
    readinessProbe: probe('/healthz', 20),
    resources: { requests: { cpu: '10m', memory: '325Mi' } },
    securityContext: { privileged: true },
  });
  const labeller = {
    name: 'virt-launcher',
    image: image(release, 'virt-launcher'),
    imagePullPolicy: release.pullPolicy,
    command: ['/bin/sh', '-c'],
    args: ['node-labeller.sh'],
  };
  return { hostPID: true, initContainers: [labeller], containers: [daemon] };
}

/** Only when the API is ready: the controller and the daemon of the nodes. */
export function virtControl(release: KubevirtRelease): readonly KubeObject[] {
  const exporter = image(release, 'virt-exportserver');
  const images = ['--launcher-image', image(release, 'virt-launcher'), '--exporter-image', exporter];
  const controller = container(release, 'virt-controller', images, {
    env: [{ name: 'SIDECAR_SHIM_IMAGE', value: image(release, 'sidecar-shim') }],
    readinessProbe: probe('/leader', 10),
    resources: { requests: { cpu: '10m', memory: '275Mi' } },
  });
  return [
    workload(release, 'Deployment', 'virt-controller', { affinity: onControlPlane, containers: [controller] }),
    budget(release, 'virt-controller'),
    workload(release, 'DaemonSet', 'virt-handler', handler(release)),
  ];
}
