import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

/** One kind that a component's operator brings along, in the few words in which CRDs of operators differ. */
export interface PlatformKind {
  readonly kind: string;
  readonly group: string;
  /** In order; the stored one carries a star: `v1* v1alpha3`. */
  readonly versions: string;
  readonly shortNames?: readonly string[];
  readonly plural?: string;
  readonly cluster?: true;
  /** Listed by `kubectl get all`. */
  readonly all?: true;
  /** Has the status subresource. */
  readonly status?: true;
  /** What the schema asks of `spec`, beyond being there or not. */
  readonly spec?: Json;
  readonly columns?: readonly Json[];
}

const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function version(kind: PlatformKind, name: string): Json {
  const schema =
    kind.spec === undefined ? open : { ...open, required: ['spec'], properties: { spec: { ...open, ...kind.spec } } };
  return {
    name: name.replace('*', ''),
    served: true,
    storage: name.endsWith('*'),
    schema: { openAPIV3Schema: schema },
    ...(kind.status && { subresources: { status: {} } }),
    ...(kind.columns && { additionalPrinterColumns: kind.columns }),
  };
}

/** The CustomResourceDefinition of a kind, its schema open: what counts is which kinds are served and how. */
export function platformCrd(kind: PlatformKind, metadata: Json = {}): KubeObject {
  const singular = kind.kind.toLowerCase();
  const plural = kind.plural ?? `${singular}s`;
  const names = {
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    plural,
    singular,
    ...(kind.shortNames && { shortNames: kind.shortNames }),
    ...(kind.all && { categories: ['all'] }),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { ...metadata, name: `${plural}.${kind.group}` },
    spec: {
      group: kind.group,
      names,
      scope: kind.cluster ? 'Cluster' : 'Namespaced',
      conversion: { strategy: 'None' },
      versions: kind.versions.split(' ').map((name) => version(kind, name)),
    },
  };
}
