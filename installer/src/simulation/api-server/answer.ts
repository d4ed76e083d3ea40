import type { Json } from '#kube/json';
import type { Request, Response } from '#kube/transport';
import type { Aggregated } from './aggregated.ts';
import type { Core } from './core.ts';
import { checkDecodable } from './decode.ts';
import { absent, discovery } from './discovery.ts';
import { health } from './health.ts';
import type { Kind } from './kinds.ts';
import { inShape } from './partial-metadata.ts';
import { patcher } from './patcher.ts';
import type { PodLogs } from './pod-logs.ts';
import { bare, list, read, select, shown } from './read.ts';
import { refuse } from './refusal.ts';
import { type Propagation, remove } from './remove.ts';
import { type Route, route } from './route.ts';
import { subresources } from './subresources.ts';
import { type Intent, write } from './write.ts';
import { wrong } from './wrong.ts';

export interface Parts {
  readonly core: Core;
  readonly logs: PodLogs;
  readonly aggregated: Aggregated;
}

/** Answers one request. */
export async function answer(parts: Parts, request: Request): Promise<Response> {
  const { core, aggregated } = parts;
  const foreign = await aggregated.answer(request);
  if (foreign !== undefined) return foreign;
  const at = route(request.path);
  if (at === undefined) {
    const known = health(request) ?? discovery(request.path, core.registry, aggregated.groupVersions());
    if (known !== undefined) return known;
    if (/^\/(api|apis|openapi)(\/|$)/.test(request.path)) return absent();
    throw new Error(
      `the simulated API server does not know ${request.method} ${request.path}; teach it in api-server/answer.ts`,
    );
  }
  const kind = core.registry.at(at.group, at.version, at.plural);
  if (kind === undefined) {
    if (core.registry.inGroup(at.group).some(({ version }) => version === at.version)) throw refuse.noSuchResource();
    return absent();
  }
  return resource(parts, request, at, kind);
}

async function resource(parts: Parts, request: Request, at: Route, kind: Kind): Promise<Response> {
  const { core } = parts;
  const { namespace, name, subresource } = at;
  const place: Place = { kind, namespace: kind.namespaced ? namespace : undefined, at, request };
  if (name !== undefined && subresource !== undefined && subresource !== 'status')
    return below(parts, place, name, subresource);
  if (subresource === 'status' && !kind.subresources.includes('status')) throw refuse.noSuchResource();
  switch (request.method) {
    case 'GET':
      if (name === undefined) return inShape(request.accept, list(core, kind, place.namespace, request.query ?? {}));
      return inShape(request.accept, { status: 200, body: read(core, kind, place.namespace, name) });
    case 'POST':
      return create(core, place);
    case 'PUT':
      return update(core, place, name);
    case 'PATCH':
      return patch(core, place, name);
    case 'DELETE':
    default:
      return name === undefined ? removeAll(core, place) : remove(core, removal(place, name));
  }
}

interface Place {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly at: Route;
  readonly request: Request;
}

function below(parts: Parts, place: Place, name: string, subresource: string): Promise<Response> | Response {
  const by = subresources[`${place.request.method} ${subresource}`];
  if (by === undefined || !place.kind.subresources.includes(subresource)) {
    throw new Error(
      `the simulated API server does not know ${place.request.method} of ${place.kind.plural}/${subresource}; teach it in api-server/subresources.ts`,
    );
  }
  const { kind, namespace, request } = place;
  return by(parts.core, { kind, namespace, name, request, intent: intent(place, name) }, parts.logs);
}

function intent({ kind, namespace, request, at }: Place, name: string): Omit<Intent, 'mode'> {
  const query = request.query ?? {};
  return {
    kind,
    namespace,
    name,
    manager: query['fieldManager'] || 'unknown',
    dryRun: query['dryRun'] === 'All',
    force: query['force'] === 'true',
    ...(at.subresource === 'status' ? { subresource: 'status' } : {}),
  };
}

function checkBody({ kind, namespace, request }: Place, name: string | undefined): Json {
  const body: Json = request.body;
  if (body === null || typeof body !== 'object' || body.kind === undefined || body.apiVersion === undefined) {
    throw refuse.badRequest("Object 'Kind' is missing in the request body");
  }
  if (body.kind !== kind.kind || body.apiVersion !== kind.apiVersion) {
    throw refuse.badRequest(
      `${body.kind} in version "${body.apiVersion}" cannot be handled as a ${kind.kind}: the API version in the data (${body.apiVersion}) does not match the expected API version (${kind.apiVersion})`,
    );
  }
  const stated = body.metadata ?? {};
  if (kind.namespaced && stated.namespace && stated.namespace !== namespace) {
    throw refuse.badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (name !== undefined && stated.name && stated.name !== name) {
    throw refuse.badRequest(`the name of the object (${stated.name}) does not match the name on the URL (${name})`);
  }
  return body;
}

async function create(core: Core, place: Place): Promise<Response> {
  if (place.at.name !== undefined) throw refuse.methodNotAllowed();
  const { kind } = place;
  if (kind.namespaced && place.namespace === undefined)
    throw refuse.badRequest('an empty namespace may not be set during creation');
  const body = checkBody(place, undefined);
  const stated = body.metadata?.name;
  const name: string =
    stated || (body.metadata?.generateName ? `${body.metadata.generateName}${core.serials.suffix()}` : '');
  checkDecodable(kind, body);
  const { object } = await write(core, { ...intent(place, name), mode: 'create', next: () => body });
  return { status: 201, body: shown(object, kind) };
}

async function update(core: Core, place: Place, name: string | undefined): Promise<Response> {
  if (name === undefined) throw refuse.methodNotAllowed();
  const body = checkBody(place, name);
  if (place.kind.custom && !body.metadata?.resourceVersion) {
    throw refuse.invalid({ ...place.kind, kind: place.kind.plural }, name, [
      wrong.invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  checkDecodable(place.kind, body);
  const outcome = await write(core, { ...intent(place, name), mode: 'update', next: () => body });
  return { status: 200, body: shown(outcome.object, place.kind) };
}

async function patch(core: Core, place: Place, name: string | undefined): Promise<Response> {
  if (name === undefined) throw refuse.methodNotAllowed();
  const { request, kind } = place;
  const type = (request.contentType ?? 'application/json').split(';')[0];
  const about = intent(place, name);
  if (type === 'application/apply-patch+yaml') {
    if (!request.query?.['fieldManager']) throw refuse.missingManager();
    const applies = checkBody(place, name);
    const { object, created } = await write(core, { ...about, mode: 'either', applies });
    return { status: created ? 201 : 200, body: shown(object, kind) };
  }
  const next = patcher(type ?? '', request.body, kind);
  const { object } = await write(core, { ...about, mode: 'update', next });
  return { status: 200, body: shown(object, kind) };
}

function removal({ kind, namespace, request }: Place, name: string) {
  const options: Json = request.body ?? {};
  const propagation: Propagation | undefined = options.propagationPolicy ?? request.query?.['propagationPolicy'];
  const grace: Json = options.gracePeriodSeconds ?? request.query?.['gracePeriodSeconds'];
  const dryRun = request.query?.['dryRun'] === 'All' || options.dryRun?.[0] === 'All';
  return {
    kind,
    namespace,
    name,
    dryRun,
    ...(propagation === undefined ? {} : { propagation }),
    ...(grace === undefined ? {} : { grace: Number(grace) }),
    ...(options.preconditions === undefined ? {} : { preconditions: options.preconditions }),
  };
}

async function removeAll(core: Core, place: Place): Promise<Response> {
  const { kind, namespace, request } = place;
  if (kind.namespaced && namespace === undefined) throw refuse.methodNotAllowed();
  const doomed = select(core, kind, namespace, request.query ?? {});
  for (const { metadata } of doomed) await remove(core, removal(place, metadata.name));
  const metadata = { resourceVersion: String(core.store.revision) };
  return {
    status: 200,
    body: { kind: `${kind.kind}List`, apiVersion: kind.apiVersion, metadata, items: doomed.map(bare(kind)) },
  };
}
