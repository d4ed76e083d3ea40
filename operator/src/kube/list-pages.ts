import type { Json } from './json.ts';
import type { Keep } from './kept-object.ts';
import type { KubeObject } from './object.ts';
import { StatusError } from './status-error.ts';
import type { Query, Request, Response } from './transport.ts';

export interface Page<T extends KubeObject = KubeObject> {
  readonly items: readonly T[];
  /** The state of the collection that was seen; empty when the kind is not served. */
  readonly resourceVersion: string;
}

/** Which collection is read, and what of it. */
export interface Listing {
  readonly path: string;
  readonly selectors: Query;
  readonly type: { readonly apiVersion: string; readonly kind: string };
  /** The shape of the answer. Default: whole objects. */
  readonly accept?: string;
  /** Applied page by page, so that what is left out never adds up. Default: everything is kept. */
  readonly keep?: Keep;
  readonly signal?: AbortSignal;
}

type Ask = (request: Request) => Promise<Response>;

const pageSize = '500';

/** Reads a collection page by page; when a page has become too old, all of it again at once. */
export async function listPages<T extends KubeObject>(ask: Ask, listing: Listing): Promise<Page<T>> {
  const items: T[] = [];
  let token = '';
  for (;;) {
    const page = { limit: pageSize, ...(token === '' ? {} : { continue: token }) };
    const response = await ask(request(listing, page));
    if (response.status === 410 && token !== '') return whole<T>(ask, listing);
    const body = listed(response, listing);
    if (body === undefined) return { items: [], resourceVersion: '' };
    items.push(...body.items);
    token = body.metadata?.continue ?? '';
    if (token === '') return { items, resourceVersion: body.metadata?.resourceVersion ?? '' };
  }
}

async function whole<T extends KubeObject>(ask: Ask, listing: Listing): Promise<Page<T>> {
  const body = listed(await ask(request(listing, {})), listing);
  return { items: body?.items ?? [], resourceVersion: body?.metadata?.resourceVersion ?? '' };
}

function request({ path, selectors, accept, signal }: Listing, page: Query): Request {
  return {
    method: 'GET',
    path,
    query: { ...selectors, ...page },
    ...(accept === undefined ? {} : { accept }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Items of a list come without the type that all of them have. */
function listed(response: Response, { path, type, keep }: Listing): Json {
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new StatusError(response, `GET ${path}`);
  const body: Json = response.body;
  // Whatever answered like this: it must not be read as a collection of nothing.
  if (typeof body !== 'object' || body === null || !('items' in body))
    throw new Error(`GET ${path} was answered with something that is no list`);
  const { apiVersion, kind } = type;
  const typed = (item: Json) => (item.kind === undefined ? { apiVersion, kind, ...item } : item);
  return { ...body, items: (body.items ?? []).map((item: Json) => (keep ? keep(typed(item)) : typed(item))) };
}
