import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Response, Transport } from '#kube/transport';

/** An API server that objects of ours are put to. */
export interface Judge {
  readonly transport: Transport;
  /** Lets so much of the server's time pass. */
  pass(milliseconds: number): Promise<void>;
  close?(): Promise<void>;
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const group = '/apis/vm.novasphere.dev/v1alpha1';

/** What an API server says: `accepted`, or its refusal without the name of the object. */
export function said({ status, body }: Response): string {
  if (status < 300) return 'accepted';
  return String((body as Json).message).replace(/^[\w.]+ "[^"]*" is invalid: /, '');
}

/** One kind of ours on an API server. */
export class Trial {
  readonly #judge: Judge;
  readonly path: string;
  readonly #kind: string;

  constructor(judge: Judge, kind: 'Wukong' | 'WukongSnapshot') {
    this.#judge = judge;
    this.#kind = kind;
    this.path = `${group}/namespaces/default/${kind.toLowerCase()}s`;
  }

  object(spec: Json, name = 'sample'): KubeObject {
    return {
      apiVersion: 'vm.novasphere.dev/v1alpha1',
      kind: this.#kind,
      metadata: { name, namespace: 'default' },
      spec,
    };
  }

  /** Installs a definition and waits until it is served. */
  async install(definition: KubeObject): Promise<void> {
    const made = await this.#judge.transport.request({ method: 'POST', path: definitions, body: definition });
    if (made.status === 409) await this.replace(definition);
    while ((await this.#judge.transport.request({ method: 'GET', path: this.path })).status !== 200)
      await this.#judge.pass(50);
  }

  /** Puts another definition in the place of the one that is there. */
  async replace(definition: KubeObject): Promise<void> {
    const path = `${definitions}/${definition.metadata.name}`;
    const { body } = await this.#judge.transport.request({ method: 'GET', path });
    const { resourceVersion } = (body as KubeObject).metadata;
    const next = { ...definition, metadata: { ...definition.metadata, resourceVersion } };
    await this.#judge.transport.request({ method: 'PUT', path, body: next });
  }

  create(object: KubeObject, query: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.#judge.transport.request({ method: 'POST', path: this.path, query, body: object });
  }

  /** What the server says to a new object, which is not kept. */
  async creating(spec: Json, name?: string): Promise<string> {
    return said(await this.create(this.object(spec, name), { dryRun: 'All' }));
  }

  patch(body: Json, subresource = '', name = 'sample'): Promise<Response> {
    const contentType = 'application/merge-patch+json';
    return this.#judge.transport.request({
      method: 'PATCH',
      path: `${this.path}/${name}${subresource}`,
      body,
      contentType,
    });
  }

  remove(name = 'sample'): Promise<Response> {
    return this.#judge.transport.request({ method: 'DELETE', path: `${this.path}/${name}` });
  }

  async stored(name = 'sample'): Promise<Json> {
    return (await this.#judge.transport.request({ method: 'GET', path: `${this.path}/${name}` })).body;
  }

  async definition(name: string): Promise<Json> {
    return (await this.#judge.transport.request({ method: 'GET', path: `${definitions}/${name}` })).body;
  }

  /** The resources that the group serves. */
  async served(): Promise<readonly string[]> {
    const { body } = await this.#judge.transport.request({ method: 'GET', path: group });
    return (body as Json).resources.map((resource: Json) => resource.name);
  }

  close(): Promise<void> | undefined {
    return this.#judge.close?.();
  }

  /** What the server says to a change of an object, which is gone afterwards. */
  async changing(before: Json, after: Json): Promise<string> {
    const made = said(await this.create(this.object(before)));
    if (made !== 'accepted') return `not even made: ${made}`;
    const answer = await this.patch({ spec: after });
    await this.remove();
    return said(answer);
  }

  /** Waits until a new object is answered so. */
  async until(spec: Json, answer: (text: string) => boolean): Promise<void> {
    while (!answer(await this.creating(spec))) await this.#judge.pass(50);
  }
}
