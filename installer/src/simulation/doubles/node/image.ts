import type { Json } from '#kube/json';
import type { Bench, Machine } from '../../bench.ts';

/** An image reference in full, as containerd writes it: `longhornio/x` is `docker.io/longhornio/x:latest`. */
export function imageName(reference: string): string {
  const [path = '', digest] = reference.split('@');
  const slash = path.indexOf('/');
  const first = slash < 0 ? '' : path.slice(0, slash);
  const hosted = first.includes('.') || first.includes(':') || first === 'localhost';
  const full = hosted ? path : `docker.io/${slash < 0 ? `library/${path}` : path}`;
  const tagged = /:[^/]+$/.test(full) || digest !== undefined ? full : `${full}:latest`;
  return digest === undefined ? tagged : `${tagged}@${digest}`;
}

/** Why a container's image cannot be had on a machine, in containerd's words; undefined when it is there. */
export function imageProblem(bench: Bench, machine: Machine, container: Json): string | undefined {
  const image = imageName(container.image);
  const failed = `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;
  if (bench.troubles.has('image-denied', image)) {
    return `${failed}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`;
  }
  const missing = bench.troubles.has('image-missing', image) || !isThere(machine, image);
  if (!missing && container.imagePullPolicy !== 'Always') return undefined;
  return `${failed}: failed to do request: Head "${manifestUrl(image)}": dial tcp: lookup ${registry(image)}: i/o timeout`;
}

function isThere(machine: Machine, image: string): boolean {
  return machine.images.has(image) || machine.images.has(image.replace(/@.*$/, ''));
}

/** Docker Hub's registry has another name than its images. */
function registry(image: string): string {
  const host = image.slice(0, image.indexOf('/'));
  return host === 'docker.io' ? 'registry-1.docker.io' : host;
}

function manifestUrl(image: string): string {
  const [path = '', digest] = image.split('@');
  const colon = path.lastIndexOf(':');
  const name = path.slice(path.indexOf('/') + 1, colon > path.lastIndexOf('/') ? colon : undefined);
  return `https://${registry(image)}/v2/${name}/manifests/${digest ?? path.slice(colon + 1)}`;
}
