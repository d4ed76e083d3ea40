import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { type About, Refusal, refuse } from './refusal.ts';
import type { Store } from './store.ts';
import { equal } from './values.ts';
import { matches, type Review } from './webhook-rules.ts';
import type { Webhooks } from './webhooks.ts';

export type { Review } from './webhook-rules.ts';

/** Asks the webhooks that are configured in the cluster, as the API server does. */
export class Admission {
  readonly #store: Store;
  readonly #webhooks: Webhooks;

  constructor(store: Store, webhooks: Webhooks) {
    this.#store = store;
    this.#webhooks = webhooks;
  }

  /** The object after all mutating webhooks; the same object when none changed it. */
  async mutate(review: Review): Promise<Json> {
    let object = review.object;
    for (const webhook of this.#asked('mutatingwebhookconfigurations', review)) {
      const answer = await this.#call(webhook, { ...review, object });
      if (answer?.object !== undefined && !equal(answer.object, object)) object = answer.object;
    }
    return object;
  }

  async validate(review: Review): Promise<void> {
    for (const webhook of this.#asked('validatingwebhookconfigurations', review)) await this.#call(webhook, review);
  }

  #asked(configurations: string, review: Review): readonly Json[] {
    // Otherwise a broken webhook could never be repaired.
    if (review.kind.group === 'admissionregistration.k8s.io') return [];
    const all = this.#store.list(`admissionregistration.k8s.io/${configurations}`);
    if (all.length === 0) return [];
    const namespace = namespaceOf(this.#store, review);
    return all.flatMap((one) => (one['webhooks'] ?? []).filter((hook: Json) => matches(hook, review, namespace)));
  }

  async #call(webhook: Json, review: Review): Promise<{ object?: Json } | undefined> {
    const { operation, object, oldObject, dryRun } = review;
    const request = { operation, object: object ?? null, dryRun, ...(oldObject === undefined ? {} : { oldObject }) };
    const problem = this.#problem(webhook);
    const handler = this.#webhooks.handler(webhook);
    if (problem !== undefined || handler === undefined) {
      if (webhook.failurePolicy === 'Ignore') return undefined;
      throw refuse.internal(`failed calling webhook "${webhook.name}": ${problem}`);
    }
    const answer = await handler(request);
    if (!answer.allowed) throw denied(webhook.name, answer);
    return answer.object === undefined ? {} : { object: answer.object };
  }

  /** Why a webhook cannot be asked at all. */
  #problem(webhook: Json): string | undefined {
    const { service, url, caBundle } = webhook.clientConfig ?? {};
    const wait = `timeout=${webhook.timeoutSeconds ?? 10}s`;
    if (service === undefined) return `failed to call webhook: Post "${url}?${wait}": ${refused(new URL(url).host)}`;
    const { name, namespace, path = '/', port = 443 } = service;
    const post = `failed to call webhook: Post "https://${name}.${namespace}.svc:${port}${path}?${wait}"`;
    const found = this.#store.get('/services', `${namespace}/${name}`);
    if (found === undefined) return `${post}: service "${name}" not found`;
    if (!(found['spec'].ports ?? []).some((one: Json) => one.port === port))
      return `${post}: no service port ${port} found for service "${name}"`;
    if (this.#webhooks.handler(webhook) === undefined)
      return `${post}: ${refused(`${found['spec'].clusterIP}:${port}`)}`;
    if (isCertificate(caBundle)) return undefined;
    return `${post}: tls: failed to verify certificate: x509: certificate signed by unknown authority`;
  }
}

function refused(address: string): string {
  return `dial tcp ${address}: connect: connection refused`;
}

function isCertificate(bundle: Json): boolean {
  return typeof bundle === 'string' && Buffer.from(bundle, 'base64').toString('latin1').includes('BEGIN CERTIFICATE');
}

function namespaceOf(store: Store, { object, oldObject, kind }: Review): KubeObject | undefined {
  const subject = object ?? oldObject;
  const name = kind.stored === '/namespaces' ? subject?.metadata?.name : subject?.metadata?.namespace;
  return name === undefined
    ? undefined
    : (store.get('/namespaces', name) ?? (kind.stored === '/namespaces' ? subject : undefined));
}

function denied(name: string, answer: { message?: string; code?: number; reason?: string }): Refusal {
  const why = answer.message === undefined ? ' without explanation' : `: ${answer.message}`;
  const about: About = {
    code: answer.code ?? 400,
    ...(answer.reason === undefined ? {} : { reason: answer.reason }),
    message: `admission webhook "${name}" denied the request${why}`,
  };
  return new Refusal(about);
}
