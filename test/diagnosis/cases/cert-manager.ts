import { rootCertificates } from 'node:tls';
import type { Json } from '#kube/json';
import type { Case } from '../case.ts';
import type { Scene } from '../scene.ts';
import { crashing, running } from '../states.ts';

const service = { namespace: 'cert-manager', name: 'cert-manager-webhook' };

/** cert-manager's webhook configuration; the rest of it is there as far as asked. */
async function certManager(
  scene: Scene,
  has: { service?: boolean; pod?: Json; trusts?: true; asked?: string },
): Promise<void> {
  await scene.node();
  if (has.service === true)
    await scene.make({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: service,
      spec: {
        clusterIP: '10.43.12.7',
        selector: { part: service.name },
        ports: [{ name: 'https', port: 443, targetPort: 10250 }],
      },
    });
  if (has.pod !== undefined) {
    const pod = await scene.workload('Deployment', service.namespace, service.name);
    await scene.podStatus(pod, has.pod);
    if (has.trusts) await answered(scene);
  }
  const rules = [
    {
      apiGroups: ['cert-manager.io'],
      apiVersions: ['v1'],
      operations: ['CREATE'],
      resources: [has.asked ?? 'certificaterequests'],
    },
  ];
  const clientConfig = {
    service: { ...service, path: '/validate', port: 443 },
    ...(has.trusts && { caBundle: btoa(rootCertificates[0] ?? '') }),
  };
  const webhooks = [
    {
      name: 'webhook.cert-manager.io',
      clientConfig,
      rules,
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      timeoutSeconds: 2,
    },
  ];
  const annotations = { 'cert-manager.io/inject-ca-from-secret': 'cert-manager/cert-manager-webhook-ca' };
  await scene.make({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'cert-manager-webhook', annotations },
    webhooks,
  });
}

async function answered(scene: Scene): Promise<void> {
  const query = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: service.namespace };
  await scene.until(async () => {
    const slices = (await scene.bed.client.list(query)).items as readonly Json[];
    return slices.some(({ endpoints }) => endpoints?.some((one: Json) => one.conditions?.ready !== false))
      ? true
      : undefined;
  });
}

/** Something of cert-manager that says how the webhook answered the controller. */
async function certificateSays(scene: Scene, message: string): Promise<void> {
  await certManager(scene, { service: true, pod: running(service.name), trusts: true });
  const spec = {
    secretName: 'shop-tls',
    dnsNames: ['shop.example.test'],
    issuerRef: { name: 'ours', kind: 'ClusterIssuer' },
  };
  await scene.make(
    { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name: 'ours' }, spec: { selfSigned: {} } },
    { conditions: scene.conditions(['Ready', 'True', 'IsReady']) },
  );
  const one = await scene.make(
    { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'shop', namespace: 'default' }, spec },
    {
      conditions: scene.conditions(['Ready', 'False', 'DoesNotExist', 'Issuing certificate as Secret does not exist']),
    },
  );
  await scene.event(one, 'ErrorUpdate', message, 9);
}

const calling = (end: string) =>
  `Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s": ${end}`;

export const certManagerCases: readonly Case[] = [
  {
    ids: [54],
    name: 'webhook-refuses-connections',
    build: (scene) => certManager(scene, { service: true, pod: running(service.name), trusts: true, asked: 'issuers' }),
  },
  {
    ids: [55],
    name: 'api-server-cannot-reach-pods',
    build: (scene) => certificateSays(scene, calling('context deadline exceeded')),
  },
  {
    ids: [56],
    name: 'webhook-certificate-unknown',
    build: (scene) =>
      certificateSays(
        scene,
        calling('tls: failed to verify certificate: x509: certificate signed by unknown authority'),
      ),
  },
  {
    ids: [56],
    name: 'webhook-certificate-not-injected',
    async build(scene) {
      await certManager(scene, { service: true, pod: running(service.name) });
      await answered(scene);
      const pod = await scene.workload('Deployment', service.namespace, 'cert-manager-cainjector', {
        labels: { 'app.kubernetes.io/component': 'cainjector' },
      });
      await scene.podStatus(pod, crashing('cert-manager-cainjector'));
      scene.says(
        pod,
        'cert-manager-cainjector',
        'E1121 06:00:00.000000       1 main.go:38] "error executing command" err="failed to get API group resources"',
      );
    },
  },
  { ids: [57], name: 'webhook-half-installed', build: (scene) => certManager(scene, {}) },
  {
    ids: [57],
    name: 'webhook-without-endpoints',
    build: (scene) => certManager(scene, { service: true, pod: crashing(service.name) }),
  },
  {
    ids: [58],
    name: 'namespace-held-by-challenges',
    async build(scene) {
      const name = 'held';
      const metadata = { name: 'one', namespace: name, finalizers: ['acme.cert-manager.io/finalizer'] };
      await scene.make({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
      await scene.bed.client.delete({ apiVersion: 'v1', kind: 'Namespace', name });
      await scene.until(async () => {
        const held = (await scene.bed.client.get({ apiVersion: 'v1', kind: 'Namespace', name })) as Json;
        return held?.status?.conditions?.some(
          (one: Json) => one.type === 'NamespaceFinalizersRemaining' && one.status === 'True',
        )
          ? true
          : undefined;
      });
    },
  },
];
