import type { Json } from '#kube/json';
import type { AdmissionAnswer, AdmissionRequest } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { certificate } from '../pem.ts';
import { NAMESPACE } from './names.ts';

const SERVICE = 'longhorn-admission-webhook';
const RULE = {
  apiGroups: ['longhorn.io'],
  apiVersions: ['v1beta2'],
  resources: ['*'],
  scope: 'Namespaced',
};

/** The managers' admission webhooks: registered at the first start, answering while a manager is ready. */
export function webhooks(stage: Stage): { open(): Promise<void>; close(): void } {
  let shut: (() => void) | undefined;
  return {
    async open() {
      await stage.api.ensure(
        configuration('ValidatingWebhookConfiguration', 'validator', ['CREATE', 'UPDATE', 'DELETE']),
      );
      await stage.api.ensure(configuration('MutatingWebhookConfiguration', 'mutator', ['CREATE', 'UPDATE']));
      shut ??= stage.bench.services.openWebhook(`${NAMESPACE}/${SERVICE}`, async (request) => admit(request));
    },
    close() {
      shut?.();
      shut = undefined;
    },
  };
}

function configuration(kind: string, part: 'validator' | 'mutator', operations: readonly string[]) {
  const path = part === 'validator' ? '/v1/webhook/validation' : '/v1/webhook/mutation';
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: `longhorn-webhook-${part}` },
    webhooks: [
      {
        name: `${part}.longhorn.io`,
        admissionReviewVersions: ['v1'],
        clientConfig: {
          caBundle: btoa(certificate(SERVICE)),
          service: { name: SERVICE, namespace: NAMESPACE, path, port: 9502 },
        },
        failurePolicy: 'Fail',
        matchPolicy: 'Exact',
        sideEffects: 'None',
        timeoutSeconds: 10,
        rules: [{ ...RULE, operations }],
      },
    ],
  };
}

/** The rules of the real validator that the installer can run into. */
function admit({ operation, object, oldObject }: AdmissionRequest): AdmissionAnswer {
  if (operation === 'DELETE' && (oldObject ?? object)?.kind === 'Node' && isUp(oldObject ?? object)) {
    return {
      allowed: false,
      message: `could not delete node ${(oldObject ?? object).metadata.name} with node ready condition is True`,
    };
  }
  if (operation !== 'DELETE' && object?.kind === 'Volume' && (object.spec?.numberOfReplicas ?? 1) < 1) {
    return { allowed: false, message: `replica count value ${object.spec.numberOfReplicas} must be between 1 to 20` };
  }
  return { allowed: true };
}

function isUp(node: Json): boolean {
  return (node?.status?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True');
}
