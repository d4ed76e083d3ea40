import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Request, Response } from '#kube/transport';
import type { Later } from './chores.ts';
import { type Core, timestamp } from './core.ts';
import { touch } from './touch.ts';

/** What serves an aggregated API: discovery of its group version too. */
export type ApiHandler = (request: Request) => Promise<Response> | Response;

const stored = 'apiregistration.k8s.io/apiservices';
const slices = 'discovery.k8s.io/endpointslices';
const serviceName = 'kubernetes.io/service-name';

/** The aggregation layer: APIService objects lead requests of their group to whoever has opened it. */
export class Aggregated {
  readonly #core: Core;
  readonly #later: Later;
  readonly #open = new Map<string, ApiHandler>();

  constructor(core: Core, later: Later) {
    this.#core = core;
    this.#later = later;
    core.store.listen(stored, ({ type, object, previous }) => {
      if (type !== 'DELETED' && JSON.stringify(object['spec']) !== JSON.stringify(previous?.['spec']))
        later(1000, () => this.#tell(object.metadata.name));
    });
    core.store.listen('/services', ({ object: { metadata } }) => this.#told(metadata.namespace, metadata.name));
    core.store.listen(slices, ({ object: { metadata } }) => {
      this.#told(metadata.namespace, metadata.labels?.[serviceName]);
    });
  }

  /** Something has changed about a Service, or behind it. */
  #told(namespace: string | undefined, name: string | undefined): void {
    for (const { metadata, spec } of this.#core.store.list(stored))
      if (spec.service?.namespace === namespace && spec.service?.name === name)
        this.#later(1000, () => this.#tell(metadata.name));
  }

  open(groupVersion: string, handler: ApiHandler): () => void {
    this.#open.set(groupVersion, handler);
    this.#noted(groupVersion);
    return () => {
      if (this.#open.get(groupVersion) !== handler) return;
      this.#open.delete(groupVersion);
      this.#noted(groupVersion);
    };
  }

  closeAll(): void {
    for (const groupVersion of this.#open.keys()) this.#noted(groupVersion);
    this.#open.clear();
  }

  /** The group versions that APIServices lead elsewhere. */
  groupVersions(): readonly string[] {
    return this.#core.store
      .list(stored)
      .filter((one) => one['spec']?.service)
      .map((one) => `${one['spec'].group}/${one['spec'].version}`);
  }

  /** Those of them that are known not to answer. */
  unreachable(): readonly string[] {
    const isDown = ({ status }: Json) =>
      (status?.conditions ?? []).some((one: Json) => one.type === 'Available' && one.status === 'False');
    const down = this.#core.store.list(stored).filter(isDown);
    return down.map(({ spec }: Json) => `${spec.group}/${spec.version}`);
  }

  /** Undefined when the path is not of an aggregated API. */
  async answer(request: Request): Promise<Response | undefined> {
    const [, groupVersion = ''] = /^\/apis\/([^/]+\/[^/]+)/.exec(request.path) ?? [];
    if (!this.groupVersions().includes(groupVersion)) return undefined;
    const handler = this.#open.get(groupVersion);
    return handler === undefined ? { status: 503, body: 'service unavailable\n' } : handler(request);
  }

  #noted(groupVersion: string): void {
    const [group, version] = groupVersion.split('/');
    this.#later(1000, () => this.#tell(`${version}.${group}`));
  }

  /** Keeps the Available condition of an APIService. */
  #tell(name: string): void {
    const kind = this.#core.registry.at('apiregistration.k8s.io', 'v1', 'apiservices');
    const live = this.#core.store.get(stored, name);
    if (kind === undefined || live === undefined) return;
    const [type, lastTransitionTime] = ['Available', timestamp(this.#core)];
    const [status, reason, message] = this.#state(live);
    const before = (live['status']?.conditions ?? []).find((one: Json) => one.type === type);
    if (before?.status === status && before.reason === reason) return;
    const conditions = [{ type, status, lastTransitionTime, reason, message }];
    touch(this.#core, kind, { name }, (object) => ({ ...object, status: { conditions } }));
  }

  #state({ spec }: KubeObject): readonly [status: string, reason: string, message: string] {
    if (spec.service === undefined) return ['True', 'Local', 'Local APIServices are always available'];
    if (this.#open.has(`${spec.group}/${spec.version}`)) return ['True', 'Passed', 'all checks passed'];
    const { namespace, name } = spec.service;
    const service = this.#core.store.get('/services', `${namespace}/${name}`);
    if (service === undefined) {
      return ['False', 'ServiceNotFound', `service/${name} in "${namespace}" is not present`];
    }
    if (this.#hasEndpoint(namespace, name)) {
      const url = `${service['spec'].clusterIP}:${spec.service.port ?? 443}`;
      const get = `https://${url}/apis/${spec.group}/${spec.version}`;
      const refused = `Get "${get}": dial tcp ${url}: connect: connection refused`;
      return ['False', 'FailedDiscoveryCheck', `failing or missing response from ${get}: ${refused}`];
    }
    return [
      'False',
      'MissingEndpoints',
      `endpointslices for service/${name} in "${namespace}" have no addresses with port name ""`,
    ];
  }

  /** Whether anything behind a Service is ready. */
  #hasEndpoint(namespace: string, service: string): boolean {
    return this.#core.store
      .list(slices)
      .filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.[serviceName] === service)
      .some((slice) => (slice['endpoints'] ?? []).some(({ conditions }: Json) => conditions?.ready === true));
  }
}
