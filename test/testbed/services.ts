import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '#kube/json';
import type { Request, Response, Transport } from '#kube/transport';
import type { AdmissionAnswer, AdmissionRequest, Services } from '#simulation/bench';
import { review } from './admission.ts';
import type { Authority } from './authority.ts';

type Admit = (request: AdmissionRequest) => Promise<AdmissionAnswer>;
type Serve = (request: Request) => Promise<Response> | Response;

interface Place {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Services of the bed: each listens at its ClusterIP and its ports, over TLS, as if kube-proxy led there, for as long
 * as a double keeps it open and the Service is there.
 */
export class BedServices implements Services {
  readonly #transport: Transport;
  readonly #authority: Authority;
  readonly #admits = new Map<string, Admit>();
  readonly #apis = new Map<string, Serve>();
  /** `namespace/name` → what listens now, and where. */
  readonly #servers = new Map<string, { readonly at: string; readonly servers: readonly Server[] }>();
  /** API group version → the Service behind it. */
  readonly #behind = new Map<string, Place>();
  #services: readonly Json[] = [];
  #settling: Promise<void> = Promise.resolve();

  constructor(transport: Transport, authority: Authority) {
    this.#transport = transport;
    this.#authority = authority;
  }

  openWebhook(service: string, admit: Admit): () => void {
    this.#admits.set(service, admit);
    this.#settle();
    return () => {
      if (this.#admits.get(service) === admit) this.#admits.delete(service);
      this.#settle();
    };
  }

  openApi(groupVersion: string, serve: Serve): () => void {
    this.#apis.set(groupVersion, serve);
    this.#settle();
    return () => {
      if (this.#apis.get(groupVersion) === serve) this.#apis.delete(groupVersion);
      this.#settle();
    };
  }

  /** Follows Services and APIServices until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#follow('/api/v1/services', signal, (items) => {
        this.#services = items;
      }),
      this.#follow('/apis/apiregistration.k8s.io/v1/apiservices', signal, (items) => {
        this.#behind.clear();
        for (const { spec } of items) if (spec.service) this.#behind.set(`${spec.group}/${spec.version}`, spec.service);
      }),
    ]);
    for (const name of this.#servers.keys()) this.#close(name);
  }

  async #follow(path: string, signal: AbortSignal, take: (items: readonly Json[]) => void): Promise<void> {
    while (!signal.aborted) {
      try {
        const { body } = await this.#transport.request({ method: 'GET', path, signal });
        const { items, metadata } = body as Json;
        const known = new Map<string, Json>(items.map((one: Json) => [one.metadata.uid, one]));
        const told = () => {
          take([...known.values()]);
          this.#settle();
        };
        told();
        const query = { watch: 'true', resourceVersion: metadata.resourceVersion };
        for await (const { type, object } of this.#transport.watch(path, query, signal)) {
          if (type === 'ERROR') break;
          if (type === 'DELETED') known.delete(object.metadata.uid);
          else if (type !== 'BOOKMARK') known.set(object.metadata.uid, object);
          told();
        }
      } catch {
        await sleep(100, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Brings what listens to what should, one look after the other. */
  #settle(): void {
    this.#settling = this.#settling.then(() => this.#look()).catch(() => undefined);
  }

  async #look(): Promise<void> {
    const wanted = new Map<string, Json>();
    const names = [...[...this.#admits.keys()].map((one) => one.split('/').slice(0, 2).join('/')), ...this.#ofApis()];
    for (const service of this.#services) {
      const name = `${service.metadata.namespace}/${service.metadata.name}`;
      if (names.includes(name) && service.spec.clusterIP && service.spec.clusterIP !== 'None')
        wanted.set(name, service);
    }
    for (const [name, { at }] of this.#servers) {
      const service = wanted.get(name);
      if (service === undefined || addressesOf(service).join() !== at) this.#close(name);
    }
    for (const [name, service] of wanted) if (!this.#servers.has(name)) await this.#open(name, service);
  }

  #ofApis(): readonly string[] {
    return [...this.#apis.keys()].flatMap((one) => {
      const place = this.#behind.get(one);
      return place === undefined ? [] : [`${place.namespace}/${place.name}`];
    });
  }

  async #open(name: string, service: Json): Promise<void> {
    const { namespace, name: own } = service.metadata;
    const tls = await this.#authority.issue(`DNS:${own}.${namespace}.svc`);
    const servers: Server[] = [];
    for (const { port } of service.spec.ports) {
      const server = createServer(tls, (request, response) => {
        this.#answer(name, request).then(
          ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(body),
          (error: unknown) => response.writeHead(500).end(String(error)),
        );
      });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, service.spec.clusterIP, resolve);
      });
      servers.push(server);
    }
    this.#servers.set(name, { at: addressesOf(service).join(), servers });
  }

  #close(name: string): void {
    for (const server of this.#servers.get(name)?.servers ?? []) {
      server.closeAllConnections();
      server.close();
    }
    this.#servers.delete(name);
  }

  async #answer(name: string, incoming: IncomingMessage): Promise<{ status: number; body: string }> {
    const url = new URL(incoming.url ?? '/', 'https://service');
    const text = await textOf(incoming);
    const [, groupVersion] = /^\/apis\/([^/]+\/[^/]+)/.exec(url.pathname) ?? [];
    const serve = groupVersion === undefined ? undefined : this.#apis.get(groupVersion);
    if (serve !== undefined) {
      const method = (incoming.method ?? 'GET') as Request['method'];
      const query = Object.fromEntries(url.searchParams);
      const answer = await serve({
        method,
        path: url.pathname,
        query,
        ...(text === '' ? {} : { body: JSON.parse(text) }),
      });
      return { status: answer.status, body: JSON.stringify(answer.body) };
    }
    const admit = this.#admits.get(`${name}${url.pathname}`) ?? this.#admits.get(name);
    if (admit === undefined) return { status: 404, body: `{"message":"nobody answers ${url.pathname}"}` };
    return { status: 200, body: JSON.stringify(await review(JSON.parse(text), admit)) };
  }
}

function addressesOf({ spec }: Json): readonly string[] {
  return spec.ports.map(({ port }: Json) => `${spec.clusterIP}:${port}`);
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
