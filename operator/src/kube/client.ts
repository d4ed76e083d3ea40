import type { KubeClock } from './clock.ts';
import { Discovery, type Resource } from './discovery.ts';
import type { Json } from './json.ts';
import { listPages, type Page } from './list-pages.ts';
import type { KubeObject, ObjectRef } from './object.ts';
import { collectionPath, objectPath } from './paths.ts';
import { type Patience, requestPatiently } from './retry.ts';
import { StatusError } from './status-error.ts';
import type { Query, Request, Response, Transport } from './transport.ts';

export interface KubeClientOptions {
  readonly transport: Transport;
  /** Who owns the fields that this client writes. */
  readonly fieldManager: string;
  readonly sleep: KubeClock['sleep'];
  /** A number in [0, 1) for the jitter of pauses. Default: always a half. */
  readonly random?: () => number;
  /** How often a request is sent while the server is busy. Default: 5. */
  readonly attempts?: number;
  /** Milliseconds that a busy server is waited for at least, however often that is. Default: 0. */
  readonly span?: number;
}

export interface ObjectQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface Asking {
  readonly signal?: AbortSignal;
}

export interface Writing extends Asking {
  readonly dryRun?: boolean;
  readonly subresource?: string;
}

export interface Deleting extends Asking {
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  /** Only the object with this uid. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Seconds. */
  readonly grace?: number;
  readonly dryRun?: boolean;
}

/** Thrown by writes of a kind that the API server does not serve. */
export class UnservedKind extends Error {
  override readonly name = 'UnservedKind';
}

/** Kubernetes in five verbs, over any transport. Reads of unserved kinds find nothing; writes of them throw. */
export class KubeClient {
  readonly discovery: Discovery;
  readonly #transport: Transport;
  readonly #fieldManager: string;
  readonly #patience: Patience;

  constructor({ transport, fieldManager, sleep, random = () => 0.5, attempts = 5, span = 0 }: KubeClientOptions) {
    this.#transport = transport;
    this.#fieldManager = fieldManager;
    this.#patience = { sleep, random, attempts, span };
    this.discovery = new Discovery((path) => this.request({ method: 'GET', path }));
  }

  /** Any request, with patience for a busy server; an HTTP error is an answer. */
  request(request: Request): Promise<Response> {
    return requestPatiently(this.#transport, request, this.#patience);
  }

  /** Undefined when the object, or its kind, does not exist. */
  async get<T extends KubeObject = KubeObject>(ref: ObjectRef, { signal }: Asking = {}): Promise<T | undefined> {
    const resource = await this.discovery.find(ref.apiVersion, ref.kind);
    if (resource === undefined) return undefined;
    const request: Request = { method: 'GET', path: objectPath(resource, ref), ...(signal ? { signal } : {}) };
    const response = await this.request(request);
    if (response.status === 404) return undefined;
    return answered(response, request) as T;
  }

  /** All pages of a list, with the version that a watch can go on from. */
  async list<T extends KubeObject = KubeObject>(query: ObjectQuery, { signal }: Asking = {}): Promise<Page<T>> {
    const resource = await this.discovery.find(query.apiVersion, query.kind);
    if (resource === undefined) return { items: [], resourceVersion: '' };
    const path = collectionPath(resource, query.namespace);
    const listing = { path, selectors: selectors(query), type: query, ...(signal ? { signal } : {}) };
    return listPages<T>((request) => this.request(request), listing);
  }

  async serves(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.discovery.find(apiVersion, kind)) !== undefined;
  }

  /** A plain create; `metadata.generateName` is allowed. */
  async create<T extends KubeObject>(object: T, options: Writing = {}): Promise<T> {
    const resource = await this.#resource(object);
    const path = collectionPath(resource, resource.namespaced ? (object.metadata.namespace ?? 'default') : undefined);
    return this.#write<T>({ method: 'POST', path, body: object }, options);
  }

  /** Server-side apply. Without `force` a field that somebody else owns and has otherwise is a conflict (409). */
  async apply<T extends KubeObject>(object: T, options: Writing & { readonly force?: boolean } = {}): Promise<T> {
    const path = objectPath(await this.#resource(object), object.metadata, options.subresource);
    const contentType = 'application/apply-patch+yaml';
    const query = options.force === true ? { force: 'true' } : {};
    return this.#write<T>({ method: 'PATCH', path, body: object, contentType, query }, options);
  }

  /** Replaces an object; a stated resourceVersion must be the current one. */
  async replace<T extends KubeObject>(object: T, options: Writing = {}): Promise<T> {
    const path = objectPath(await this.#resource(object), object.metadata, options.subresource);
    return this.#write<T>({ method: 'PUT', path, body: object }, options);
  }

  async patch<T extends KubeObject = KubeObject>(
    ref: ObjectRef,
    body: unknown,
    options: Writing & { readonly type?: 'merge' | 'json' } = {},
  ): Promise<T> {
    const path = objectPath(await this.#resource(ref), ref, options.subresource);
    const contentType = options.type === 'json' ? 'application/json-patch+json' : 'application/merge-patch+json';
    return this.#write<T>({ method: 'PATCH', path, body, contentType }, options);
  }

  /** Merges into the status, which has an endpoint of its own. */
  patchStatus<T extends KubeObject = KubeObject>(ref: ObjectRef, status: Json, options: Writing = {}): Promise<T> {
    return this.patch<T>(ref, { status }, { ...options, subresource: 'status' });
  }

  /** Deletes; false when there was nothing. */
  async delete(ref: ObjectRef, { signal, dryRun, ...options }: Deleting = {}): Promise<boolean> {
    const resource = await this.discovery.find(ref.apiVersion, ref.kind);
    if (resource === undefined) return false;
    const query = dryRun === true ? { dryRun: 'All' } : {};
    const body = deleteOptions(options);
    const path = objectPath(resource, ref);
    const request: Request = { method: 'DELETE', path, query, body, ...(signal ? { signal } : {}) };
    const response = await this.request(request);
    if (response.status === 404) return false;
    answered(response, request);
    return true;
  }

  async #resource({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): Promise<Resource> {
    const resource = await this.discovery.find(apiVersion, kind);
    if (resource !== undefined) return resource;
    throw new UnservedKind(`the API server does not serve ${kind} in ${apiVersion}`);
  }

  async #write<T>(request: Request, { dryRun, signal }: Writing): Promise<T> {
    const query = {
      ...request.query,
      fieldManager: this.#fieldManager,
      ...(dryRun === true ? { dryRun: 'All' } : {}),
    };
    const complete: Request = { ...request, query, ...(signal ? { signal } : {}) };
    return answered(await this.request(complete), complete) as T;
  }
}

function answered(response: Response, request: Request): Json {
  if (response.status < 300) return response.body;
  throw new StatusError(response, `${request.method} ${request.path}`);
}

function deleteOptions({ propagation, uid, resourceVersion, grace }: Deleting): object {
  const preconditions = {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
  };
}

/** The selectors of a query in the words of the API. */
export function selectors({
  labelSelector,
  fieldSelector,
}: Pick<ObjectQuery, 'labelSelector' | 'fieldSelector'>): Query {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}
