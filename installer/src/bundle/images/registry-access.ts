import type { Clock } from '#ports/clock';
import type { RunProgram } from '#ports/program';
import type { Mirrors } from '../fetch/mirrors.ts';

/** How registries are asked: always by `skopeo`, which brings the logins, certificates and proxies of this machine. */
export interface RegistryAccess {
  readonly run: RunProgram;
  readonly clock: Clock;
  readonly mirrors: Pick<Mirrors, 'mirroredImage'>;
}

/** What a reference names without its tag and digest: `docker.io/longhornio/longhorn-manager`. */
export function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/s, '').replace(/:[^/:]*$/, '');
}

/** `docker.io/a/b@sha256:…`. skopeo takes a tag or a digest, never both. */
export function byDigest(reference: string, digest: string): string {
  return `${repositoryOf(reference)}@${digest}`;
}

/** What a reference asks for: its digest where it has one beside the tag. */
export function asked(reference: string): string {
  const [, digest] = /@(.*)$/s.exec(reference) ?? [];
  return digest === undefined ? reference : byDigest(reference, digest);
}
