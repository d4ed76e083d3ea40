import type { Json } from '#kube/json';
import type { Response, WatchEvent } from '#kube/transport';
import { Refusal } from './refusal.ts';

const type = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };

/** The answer to a read in the shape that the client accepts: whole, or the metadata alone. */
export function inShape(accept: string | undefined, answer: Response): Response {
  const shape = shapeOf(accept);
  if (shape === undefined || answer.status !== 200) return answer;
  const body: Json = answer.body;
  const isList = Array.isArray(body.items);
  if (shape !== (isList ? 'PartialObjectMetadataList' : 'PartialObjectMetadata')) throw unacceptable(shape, isList);
  if (!isList) return { ...answer, body: partial(body) };
  const { metadata, items } = body;
  return { ...answer, body: { kind: shape, apiVersion: type.apiVersion, metadata, items: items.map(partial) } };
}

/** The event of a watch in the shape that the client accepts. */
export function eventInShape(accept: string | undefined, event: WatchEvent): WatchEvent {
  if (shapeOf(accept) !== 'PartialObjectMetadata' || event.type === 'ERROR') return event;
  return { ...event, object: partial(event.object) };
}

function shapeOf(accept = ''): string | undefined {
  return /;as=(PartialObjectMetadata(?:List)?);/.exec(accept)?.[1];
}

function partial({ metadata }: Json): Json {
  return { ...type, metadata };
}

function unacceptable(shape: string, isList: boolean): Refusal {
  const what = isList ? 'the requested object is a list' : 'the requested object is not a list';
  return new Refusal({ code: 406, reason: 'NotAcceptable', message: `you requested ${shape}, but ${what}` });
}
