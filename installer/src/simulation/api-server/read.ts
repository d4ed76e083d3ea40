import type { KubeObject } from '#kube/object';
import type { Query, Response } from '#kube/transport';
import { type Core, stored, viewed } from './core.ts';
import { eventView } from './event-view.ts';
import type { Kind } from './kinds.ts';
import { refuse } from './refusal.ts';
import { selection } from './selectors.ts';
import { without } from './values.ts';

export function read(core: Core, kind: Kind, namespace: string | undefined, name: string): KubeObject {
  const found = stored(core, kind, namespace, name);
  if (found === undefined) throw refuse.notFound(kind, name);
  return shown(found, kind);
}

/** The object in the version of the request. */
export function shown(object: KubeObject, kind: Kind): KubeObject {
  return kind.stored === '/events' ? eventView(object, kind) : viewed(object, kind);
}

/** The objects that a query means, in the order of their keys. */
export function select(
  core: Core,
  kind: Kind,
  namespace: string | undefined,
  query: Query,
  here: readonly KubeObject[] = core.store.list(kind.stored),
): readonly KubeObject[] {
  const fits = selection(kind, query);
  const found = namespace === undefined ? here : here.filter((object) => object.metadata.namespace === namespace);
  return found.map((object) => shown(object, kind)).filter(fits);
}

export function list(core: Core, kind: Kind, namespace: string | undefined, query: Query): Response {
  checkVersion(core, query['resourceVersion']);
  const token = query['continue'] ? unpack(query['continue']) : undefined;
  // All pages show what was there when the first one was read.
  const then = token === undefined ? core.store.list(kind.stored) : core.store.listAt(kind.stored, token.revision);
  if (then === undefined || (token && token.revision < core.oldest())) {
    throw refuse.expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      pack(core.store.revision, token?.after ?? ''),
    );
  }
  const all = select(core, kind, namespace, query, then);
  const rest = token === undefined ? all : all.filter((object) => keyText(object) > token.after);
  const limit = Number(query['limit'] ?? 0);
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const revision = token?.revision ?? core.store.revision;
  const last = items.at(-1);
  const more = items.length < rest.length && last !== undefined;
  const selects = Boolean(query['labelSelector'] || query['fieldSelector']);
  const metadata = {
    resourceVersion: String(revision),
    ...(more ? { continue: pack(revision, keyText(last)) } : {}),
    // Behind a selector nobody counts.
    ...(more && !selects ? { remainingItemCount: rest.length - items.length } : {}),
  };
  const body = { kind: `${kind.kind}List`, apiVersion: kind.apiVersion, metadata, items: items.map(bare(kind)) };
  return { status: 200, body };
}

/** Items of a built-in kind come without the type that all of them have. */
export function bare(kind: Kind): (object: KubeObject) => object {
  if (kind.custom) return (object) => object;
  return (object) => without(object, 'apiVersion', 'kind');
}

/** Refuses a version that is no number, or one that is yet to come. */
function checkVersion(core: Core, version: string | undefined): void {
  if (version === undefined || version === '') return;
  if (!/^\d+$/.test(version)) {
    const why = `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`;
    throw refuse.badRequest(`invalid resource version: ${why}`);
  }
  if (Number(version) > core.store.revision) throw refuse.tooLarge(version, core.store.revision);
}

function keyText({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

function pack(revision: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString('base64url');
}

function unpack(token: string): { revision: number; after: string } {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString());
    return { revision: rv, after: start };
  } catch {
    throw refuse.badRequest('continue key is not valid');
  }
}
