import type { Json } from './json.ts';
import type { KubeObject } from './object.ts';
import { StatusError } from './status-error.ts';
import type { Query, Request, Response } from './transport.ts';

export interface Page<T extends KubeObject = KubeObject> {
  readonly items: readonly T[];
  /** The state of the collection that was seen; empty when the kind is not served. */
  readonly resourceVersion: string;
}

type Ask = (request: Request) => Promise<Response>;

const pageSize = '500';

/** Reads a collection page by page; when a page has become too old, all of it again at once. */
export async function listPages<T extends KubeObject>(
  ask: Ask,
  path: string,
  selectors: Query,
  type: { readonly apiVersion: string; readonly kind: string },
  signal?: AbortSignal,
): Promise<Page<T>> {
  const items: T[] = [];
  let token = '';
  for (;;) {
    const page = { ...selectors, limit: pageSize, ...(token === '' ? {} : { continue: token }) };
    const response = await ask({ method: 'GET', path, query: page, ...(signal ? { signal } : {}) });
    if (response.status === 410 && token !== '') return whole<T>(ask, path, selectors, type, signal);
    const body = listed(response, path, type);
    if (body === undefined) return { items: [], resourceVersion: '' };
    items.push(...body.items);
    token = body.metadata?.continue ?? '';
    if (token === '') return { items, resourceVersion: body.metadata?.resourceVersion ?? '' };
  }
}

async function whole<T extends KubeObject>(
  ask: Ask,
  path: string,
  query: Query,
  type: { readonly apiVersion: string; readonly kind: string },
  signal?: AbortSignal,
): Promise<Page<T>> {
  const response = await ask({ method: 'GET', path, query, ...(signal ? { signal } : {}) });
  const body = listed(response, path, type);
  return { items: body?.items ?? [], resourceVersion: body?.metadata?.resourceVersion ?? '' };
}

/** Items of a list come without the type that all of them have. */
function listed(response: Response, path: string, { apiVersion, kind }: { apiVersion: string; kind: string }): Json {
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new StatusError(response, `GET ${path}`);
  const body = response.body as Json;
  const items = (body.items ?? []).map((item: Json) =>
    item.kind === undefined ? { apiVersion, kind, ...item } : item,
  );
  return { ...body, items };
}
