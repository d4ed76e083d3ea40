import { registryUser } from './registry.ts';
import type { Blob, MadeImage } from './registry-images.ts';

/** Puts images straight into a registry by its API; what it has already is not sent again. */
export class Pusher {
  readonly #host: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #blobs = new Map<string, Promise<void>>();

  constructor(host: string, { users = false }: { readonly users?: boolean } = {}) {
    const secret = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');
    this.#host = host;
    this.#headers = users ? { authorization: `Basic ${secret}` } : {};
  }

  /** `repository`: `docker.io/longhornio/longhorn-manager`, a path of the registry like any other. */
  async push(repository: string, tag: string, image: MadeImage): Promise<void> {
    const blobs = image.manifests.flatMap(({ config, layers }) => [config, ...layers]);
    await Promise.all(blobs.map((one) => this.#blob(repository, one)));
    await Promise.all(image.manifests.map((one) => this.#manifest(repository, one.digest, one)));
    await this.#manifest(repository, tag, image.top);
  }

  #blob(repository: string, { digest, bytes }: Blob): Promise<void> {
    const key = `${repository} ${digest}`;
    const known = this.#blobs.get(key);
    if (known !== undefined) return known;
    const sent = this.#send(repository, digest, bytes);
    this.#blobs.set(key, sent);
    return sent;
  }

  async #send(repository: string, digest: string, bytes: Buffer): Promise<void> {
    const { headers } = await this.#ask('POST', `/v2/${repository}/blobs/uploads/`, 202);
    const place = new URL(headers.get('location') ?? '', `http://${this.#host}`);
    place.searchParams.set('digest', digest);
    await this.#ask('PUT', `${place.pathname}${place.search}`, 201, bytes, 'application/octet-stream');
  }

  async #manifest(repository: string, reference: string, { bytes, mediaType }: Blob): Promise<void> {
    await this.#ask('PUT', `/v2/${repository}/manifests/${reference}`, 201, bytes, mediaType);
  }

  async #ask(method: string, path: string, wanted: number, bytes?: Buffer, type?: string): Promise<Response> {
    const body = bytes === undefined ? {} : { body: new Uint8Array(bytes) };
    const headers = { ...this.#headers, ...(type === undefined ? {} : { 'content-type': type }) };
    const answer = await fetch(`http://${this.#host}${path}`, { method, headers, ...body });
    if (answer.status === wanted) return answer;
    throw new Error(`${method} ${path} → ${answer.status} ${await answer.text()}`);
  }
}
