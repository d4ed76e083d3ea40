import type { Json } from '#kube/json';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { certificate } from '../pem.ts';
import { isAvailable } from '../readiness.ts';
import { keyOf } from '../shelf.ts';

const SOURCE = 'cert-manager.io/inject-ca-from-secret';
const group = 'admissionregistration.k8s.io/v1';

/** cainjector: writes the webhook's own authority into the configurations that name its Secret, seconds after both are there. */
export function caInjector(stage: Stage): void {
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) inject(stage, kind);
}

function inject(stage: Stage, kind: string): void {
  const path = kindPath(group, kind);
  const queue = stage.queue(async (name) => {
    if (stage.bench.troubles.has('cainjector-idle')) return;
    const injector = deployments.get('cert-manager-cainjector', 'cert-manager');
    const webhook = deployments.get('cert-manager-webhook', 'cert-manager');
    if (injector === undefined || webhook === undefined || !isAvailable(injector) || !isAvailable(webhook)) return;
    const found: Json = await stage.api.get(`${path}/${name}`);
    const source = found?.metadata.annotations?.[SOURCE];
    if (source === undefined || found.webhooks.every((one: Json) => one.clientConfig.caBundle)) return;
    await stage.pause(4);
    const caBundle = await authority(stage, source);
    const webhooks = found.webhooks.map((one: Json) => ({ ...one, clientConfig: { ...one.clientConfig, caBundle } }));
    await stage.api.patch(`${path}/${name}`, { webhooks });
  });
  const configurations = stage.follow({ path, on: ({ object }) => queue.add(keyOf(object)) });
  const again = () => {
    for (const one of configurations.all()) queue.add(keyOf(one));
  };
  const deployments = stage.follow({ path: kindPath('apps/v1', 'Deployment', 'cert-manager'), on: again });
  stage.bench.troubles.onChange?.(again, stage.bench.signal);
}

/** The webhook keeps its authority in a Secret, which it makes when it first starts. */
async function authority(stage: Stage, source: string): Promise<string> {
  const [namespace, name] = source.split('/') as [string, string];
  const pem = btoa(certificate(name));
  const secret: Json = await stage.api.ensure({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, annotations: { 'cert-manager.io/allow-direct-injection': 'true' } },
    data: { 'ca.crt': pem, 'tls.crt': pem, 'tls.key': btoa(certificate(name, 'PRIVATE KEY')) },
  });
  return secret.data['ca.crt'];
}
