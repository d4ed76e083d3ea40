import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly jsonPath: string;
  /** 1: only with `-o wide`. */
  readonly priority?: 1;
}

interface KindOf {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly shortName: string;
  readonly description: string;
  readonly columns: readonly Column[];
  readonly spec: Json;
  readonly status: Json;
  /** Across specification and status. */
  readonly rules: Json;
}

/** The CustomResourceDefinition of a kind with a status of its own. */
export function definitionOf(one: KindOf): KubeObject {
  const { group, kind, shortName } = one;
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const names = { kind, listKind: `${kind}List`, plural, singular, shortNames: [shortName] };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: 'Namespaced', names, versions: [versionOf(one)] },
  };
}

function versionOf({ version, description, columns, spec, status, rules }: KindOf): Json {
  const text = { type: 'string' };
  const properties = { apiVersion: text, kind: text, metadata: { type: 'object' }, spec, status: lenient(status) };
  return {
    name: version,
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: columns,
    schema: { openAPIV3Schema: { type: 'object', description, required: ['spec'], properties, ...rules } },
  };
}

/** The operator writes its status whole; one of another version may have had less, and must not stand in the way. */
function lenient(status: Json): Json {
  const { required: _, ...rest } = status;
  return rest;
}
