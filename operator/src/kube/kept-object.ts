import type { Json } from './json.ts';
import type { KubeObject } from './object.ts';

/** What is stored of an object that the server sent. */
export type Keep = (object: Json) => KubeObject;

export interface Keeping {
  readonly apiVersion: string;
  readonly kind: string;
  /** Objects come as PartialObjectMetadata, and are kept under the name of their kind. */
  readonly metadataOnly?: boolean;
  /** What is kept of an object, bookkeeping already left out; its identity and its version have to stay. */
  readonly transform?: (object: KubeObject) => KubeObject;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Keeps what controllers read: half of many an object is the bookkeeping of those who wrote it. What is kept is
 * everybody's, so that a change of it throws; what comes in is handed over, and may be frozen itself.
 */
export function keeper({ apiVersion, kind, metadataOnly = false, transform }: Keeping): Keep {
  const texts = new Map<string, string>();
  return (object) => {
    const named = metadataOnly ? { apiVersion, kind, metadata: object.metadata } : object;
    const lean = withoutBookkeeping(named);
    return settled(transform === undefined ? lean : transform(lean), texts);
  };
}

function withoutBookkeeping(object: KubeObject): KubeObject {
  const { managedFields, annotations, ...metadata } = object.metadata;
  if (annotations === undefined) return managedFields === undefined ? object : { ...object, metadata };
  const { [lastApplied]: applied, ...others } = annotations;
  if (managedFields === undefined && applied === undefined) return object;
  const isAnnotated = Object.keys(others).length > 0;
  return { ...object, metadata: isAnnotated ? { ...metadata, annotations: others } : metadata };
}

/** Shorter texts V8 shares by itself; longer ones are hardly said twice. */
const shared = { from: 11, to: 64, most: 4096 };

/** The value, frozen, with one copy of what is said again and again in thousands of objects: a quarter of the memory. */
function settled<T>(value: T, texts: Map<string, string>): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string') Reflect.set(value, key, known(inner, texts));
    else settled(inner, texts);
  }
  return Object.freeze(value);
}

function known(text: string, texts: Map<string, string>): string {
  if (text.length < shared.from || text.length > shared.to) return text;
  const first = texts.get(text);
  if (first !== undefined) return first;
  // Names and uids come once each: they must not fill it for ever.
  if (texts.size >= shared.most) texts.clear();
  texts.set(text, text);
  return text;
}
