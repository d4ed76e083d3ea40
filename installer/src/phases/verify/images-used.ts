import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';

/** A container and the image that it asked for, or that it was given. */
export interface Use {
  readonly pod: string;
  readonly container: string;
  /** In full: `docker.io/longhornio/longhorn-manager:v1.12.1`. */
  readonly reference: string;
  /** `sha256:…` of the manifest; absent where nobody tells it. */
  readonly digest?: string;
}

/**
 * Every image that a pod has to do with: what its spec asks for, and the digest that the runtime gave it for that. The name
 * in a status is any of those that the runtime knows the same content by: it counts only where the spec names none.
 */
export function usesOf({ metadata, ...pod }: KubeObject): readonly Use[] {
  const { spec = {}, status = {} } = pod as Json;
  const name = `${metadata.namespace}/${metadata.name}`;
  const asked = partsOf(spec, ['initContainers', 'containers', 'ephemeralContainers']);
  const given = partsOf(status, ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses']);
  const images = new Map<string, string>(asked.map((one) => [one.name, one.image]));
  const seen = given.map((one) => ({ ...one, image: images.get(one.name) ?? one.image }));
  const uses = [...asked, ...seen].flatMap((one): readonly Use[] => use(name, one));
  const known = new Map(uses.map((one) => [`${one.container} ${one.reference} ${one.digest}`, one]));
  return [...known.values()];
}

function partsOf(whole: Json, parts: readonly string[]): readonly Json[] {
  return parts.flatMap((part): readonly Json[] => whole[part] ?? []);
}

function use(pod: string, { name, image, imageID }: Json): readonly Use[] {
  // A runtime that knows no name for it writes its identity, which no proof knows either.
  if (typeof image !== 'string' || image === '' || image.startsWith('sha256:')) return [];
  const [path = '', asked] = image.split('@');
  // `NAME@sha256:…` is the manifest that was pulled or imported; a bare `sha256:…` is the configuration.
  const digest = asked ?? /@(sha256:[0-9a-f]{64})$/.exec(imageID ?? '')?.[1];
  return [{ pod, container: name, reference: inFull(path, asked), ...(digest === undefined ? {} : { digest }) }];
}

/** As containerd writes it: `longhornio/x` is `docker.io/longhornio/x:latest`. */
function inFull(path: string, digest: string | undefined): string {
  const [first = '', ...rest] = path.split('/');
  const hosted = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const full = hosted ? path : `docker.io/${rest.length > 0 ? path : `library/${path}`}`;
  return digest !== undefined || /:[^/]+$/.test(full) ? full : `${full}:latest`;
}
