import type { Json } from '#kube/json';
import { builtInShape, metadata } from './fields/built-in.ts';
import { fields } from './fields/shape.ts';
import { mismatches } from './fields/typed.ts';
import type { Kind } from './kinds.ts';
import { refuse } from './refusal.ts';

/** Thrown where a text cannot become what its field is: a quantity, bytes. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

const known = fields({ metadata });
const maps = /^(metadata\.labels|metadata\.annotations|data|binaryData|stringData)\..*$/;

/** Refuses an object whose texts are no texts, in the words of Go's decoder. */
export function checkDecodable(kind: Kind, object: Json): void {
  const [first] = mismatches(object, kind.custom ? known : builtInShape(kind.kind));
  if (first === undefined) return;
  const path = first.path
    .slice(1)
    .replace(maps, '$1')
    .replaceAll(/\[[^\]]*\]/g, '');
  const shown = kind.custom ? path.replace('metadata.', '') : path;
  const problem = `json: cannot unmarshal ${typeName(first.value)} into Go struct field ${structOf(kind, path)}.${shown} of type string`;
  throw undecodable(kind, problem);
}

export function undecodable({ kind, version }: Kind, problem: string): Error {
  return refuse.badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`);
}

function structOf({ kind }: Kind, path: string): string {
  if (path.startsWith('metadata.')) return 'ObjectMeta';
  if (path.endsWith('.env.value')) return 'EnvVar';
  return path.includes('ontainers.') ? 'Container' : kind;
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
