import type { Json } from '#kube/json';
import type { AdmissionAnswer, AdmissionRequest, Services } from '#simulation/bench';

type Handler = (request: AdmissionRequest) => Promise<AdmissionAnswer>;

/** Which services answer admission reviews now. */
export class Webhooks implements Services {
  readonly #open = new Map<string, Handler>();

  /** `namespace/service`, or `namespace/service/path` when one service answers several webhooks differently. */
  openWebhook(service: string, admit: Handler): () => void {
    this.#open.set(service, admit);
    return () => {
      if (this.#open.get(service) === admit) this.#open.delete(service);
    };
  }

  /** What answers a webhook: by service and path first, then by service. */
  handler(webhook: Json): Handler | undefined {
    const service = webhook.clientConfig?.service;
    if (service === undefined) return undefined;
    const name = `${service.namespace}/${service.name}`;
    return this.#open.get(`${name}${service.path ?? ''}`) ?? this.#open.get(name);
  }

  closeAll(): void {
    this.#open.clear();
  }
}
