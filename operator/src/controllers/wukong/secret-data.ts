import type { KubeClient } from '#kube/client';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

export type SecretText = Readonly<Record<string, string>>;

/** How many Secrets are remembered; what falls out is read again. */
const remembered = 256;

/** Reads what Secrets hold when it is needed: the copies have their names alone, so that few are ever held here. */
export class SecretData {
  readonly #client: KubeClient;
  readonly #known = new Map<string, { readonly version: string; readonly text: SecretText }>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** As text, by key; undefined where there is no such Secret. `seen` is the copy, which tells whether it has changed. */
  async read(seen: KubeObject | undefined, signal: AbortSignal): Promise<SecretText | undefined> {
    if (seen === undefined) return undefined;
    const { uid = '', resourceVersion: version = '', name, namespace = 'default' } = seen.metadata;
    const known = this.#known.get(uid);
    if (known?.version === version) return known.text;
    const live = await this.#client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }, { signal });
    if (live === undefined) return undefined;
    const text = decoded(live['data'] ?? {});
    this.#known.delete(uid);
    this.#known.set(uid, { version: live.metadata.resourceVersion ?? '', text });
    for (const oldest of this.#known.keys()) if (this.#known.size > remembered) this.#known.delete(oldest);
    return text;
  }
}

function decoded(data: Json): SecretText {
  const entries = Object.entries<string>(data);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}
