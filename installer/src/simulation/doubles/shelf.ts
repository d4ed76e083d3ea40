import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Query } from '#kube/transport';
import type { Bench } from '../bench.ts';
import { type Api, Refusal } from './kube-api.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** What it was before, as far as was seen. */
  readonly before?: KubeObject;
}

/** The objects of one kind as they are now, kept fresh by a watch. */
export interface Shelf {
  all(): readonly KubeObject[];
  get(name: string, namespace?: string): KubeObject | undefined;
}

/** What a follower needs to know about what it follows. */
export interface Following {
  /** A collection, `/apis/apps/v1/deployments`. A kind whose CRD is not there yet is waited for. */
  readonly path: string;
  readonly query?: Query;
  on?(change: Change, shelf: Shelf): void;
}

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** `namespace/name`, or `name` outside namespaces: how shelves and work queues name an object. */
export function keyOf(object: KubeObject): string {
  const { name, namespace } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Lists, then watches, and again whenever the stream ends; ends with the bench's signal. */
export function follow(bench: Bench, api: Api, following: Following): { shelf: Shelf; done: Promise<void> } {
  const objects = new Map<string, KubeObject>();
  const shelf: Shelf = {
    all: () => [...objects.values()],
    get: (name, namespace) => objects.get(namespace === undefined ? name : `${namespace}/${name}`),
  };
  const put = (type: Change['type'], object: KubeObject) => {
    const key = keyOf(object);
    const before = objects.get(key);
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, object);
    following.on?.({ type, object, ...(before === undefined ? {} : { before }) }, shelf);
  };
  const round = async () => {
    const version = await restock(api, following, objects, put);
    await stream(bench, following, version, put);
  };
  const done = (async () => {
    while (!bench.signal.aborted) {
      const missing = await round().then(
        () => false,
        (error: unknown) => expected(bench, error),
      );
      if (bench.signal.aborted) return;
      if (missing) await untilServed(bench, api, following.path);
      await bench.clock.sleep(500, bench.signal).catch(() => undefined);
    }
  })();
  return { shelf, done };
}

type Put = (type: Change['type'], object: KubeObject) => void;

async function restock(api: Api, following: Following, objects: Map<string, KubeObject>, put: Put): Promise<string> {
  const list = await api.list(following.path, following.query);
  const kind = String(list.kind).replace(/List$/, '');
  const found = new Set<string>();
  for (const item of list.items) {
    const object: KubeObject = { apiVersion: list.apiVersion, kind, ...item };
    const key = keyOf(object);
    found.add(key);
    const before = objects.get(key);
    if (before?.metadata.resourceVersion === object.metadata.resourceVersion) continue;
    put(before === undefined ? 'ADDED' : 'MODIFIED', object);
  }
  for (const [key, gone] of objects) if (!found.has(key)) put('DELETED', gone);
  return list.metadata.resourceVersion;
}

async function stream(bench: Bench, following: Following, resourceVersion: string, put: Put): Promise<void> {
  const query = { ...following.query, resourceVersion, watch: 'true' };
  for await (const event of bench.transport.watch(following.path, query, bench.signal)) {
    if (event.type === 'ERROR') return;
    if (event.type !== 'BOOKMARK') put(event.type, event.object);
  }
}

/** True when the kind is not served yet; false for what the next round mends; throws a mistake in a double. */
function expected(bench: Bench, error: unknown): boolean {
  if (bench.signal.aborted) return false;
  if (error instanceof Refusal) return error.status === 404;
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
  return false;
}

/** Waits for the CRD behind a path, by a watch on that one CRD. */
async function untilServed(bench: Bench, api: Api, path: string): Promise<void> {
  const [, , group, , ...rest] = path.split('/');
  const name = `${rest.at(-1)}.${group}`;
  const query = { fieldSelector: `metadata.name=${name}` };
  const list = await api.list(CRDS, query);
  if (list.items.some(isEstablished)) return;
  const own = new AbortController();
  const signal = AbortSignal.any([own.signal, bench.signal]);
  const watch = { ...query, resourceVersion: list.metadata.resourceVersion, watch: 'true' };
  try {
    for await (const event of bench.transport.watch(CRDS, watch, signal)) {
      if (event.type !== 'DELETED' && event.object.metadata?.name === name && isEstablished(event.object)) return;
    }
  } catch {
    // A watch that broke: the caller looks again.
  } finally {
    own.abort();
  }
}

function isEstablished(crd: Json): boolean {
  return (crd.status?.conditions ?? []).some((one: Json) => one.type === 'Established' && one.status === 'True');
}
