import type { Json } from '#kube/json';
import { type Condition, met, unmet } from '../verbs/condition.ts';

const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];

const about = { kind: 'webhook', namespace: 'cert-manager', name: 'cert-manager-webhook' };

/** The API server knows by whose certificate cert-manager's webhook answers. */
export const authorityInjected: Condition = async (sight) => {
  for (const kind of kinds) {
    const ref = { apiVersion: 'admissionregistration.k8s.io/v1', kind, name: 'cert-manager-webhook' };
    const live: Json = await sight.cluster.get(ref);
    const hooks: readonly Json[] = live?.webhooks ?? [];
    if (hooks.length === 0) return unmet(`${kind} cert-manager-webhook does not exist yet`);
    if (hooks.some((hook) => !hook.clientConfig?.caBundle))
      return unmet(`cainjector has not put the authority into ${kind} cert-manager-webhook yet`, { about });
  }
  return met("the API server knows the webhook's authority");
};
