import { createHash } from 'node:crypto';
import type { Answer } from '#ports/host';
import type { RunProgram } from '#ports/program';
import type { Watch } from '../fetch/watch.ts';
import { askSkopeo, type Source } from './ask-skopeo.ts';
import { oddImage } from './image-fault.ts';
import { type ImageManifest, readManifest } from './manifest.ts';
import { byDigest, type RegistryAccess } from './registry-access.ts';

/** The manifest of one image, and the bytes that it has in the registry. */
export interface SingleImage {
  readonly reference: string;
  /** `sha256:…` of the manifest. */
  readonly digest: string;
  readonly manifest: ImageManifest;
}

interface Pinned {
  readonly reference: string;
  readonly digest: string;
}

interface Wanted {
  readonly image: string;
  readonly reference: string;
  readonly what: 'manifest' | 'configuration';
  /** What it has to be; undefined where that is what is asked. skopeo shows a manifest without comparing it. */
  readonly digest?: string | undefined;
}

/** Milliseconds: a registry that has not sent a few kilobytes by then is asked anew. skopeo may wait for four minutes. */
const patience = 300_000;

/** The exact text of a manifest, or of the configuration that it names. */
export function rawFrom(wanted: Wanted, access: RegistryAccess, watch?: Watch): Promise<string> {
  const { image, reference, what, digest } = wanted;
  const config = what === 'configuration' ? ['--config'] : [];
  const words = ({ url, plainHttp }: Source): [string, ...string[]] => {
    const insecure = plainHttp ? ['--tls-verify=false'] : [];
    return ['skopeo', 'inspect', ...insecure, '--raw', ...config, url];
  };
  const run: RunProgram = async (command, options) =>
    compared(await access.run(command, { ...options, timeout: patience }), digest);
  return askSkopeo({ image, reference, words, run }, access, watch);
}

/** In the words that skopeo has for a layer. */
function compared(answer: Answer, digest: string | undefined): Answer {
  const found = digestOf(answer.stdout);
  if (answer.exitCode !== 0 || digest === undefined || digest === found) return answer;
  return { ...answer, exitCode: 1, stderr: `Digest did not match, expected ${digest}, got ${found}` };
}

/** The manifest with this digest. */
export async function manifestBy({ reference: image, digest }: Pinned, access: RegistryAccess, watch?: Watch) {
  const reference = byDigest(image, digest);
  const text = await rawFrom({ image, reference, what: 'manifest', digest }, access, watch);
  return { text, manifest: imageManifest(image, text) };
}

/** The configuration that a manifest names. */
export function configurationBy(single: SingleImage, access: RegistryAccess, watch?: Watch): Promise<string> {
  const { reference: image, manifest } = single;
  const reference = byDigest(image, single.digest);
  return rawFrom({ image, reference, what: 'configuration', digest: manifest.config.digest }, access, watch);
}

/** Fault FETCH-FAILED for what cannot be brought to a machine without internet, or is no image at all. */
export function imageManifest(reference: string, text: string): ImageManifest {
  const manifest = readManifest(text);
  if (manifest === undefined) throw oddImage(reference, 'its manifest is neither one of OCI nor one of Docker');
  if (manifest.kind === 'index')
    throw oddImage(reference, 'the lock file pins a list of platforms where the manifest of one belongs');
  const foreign = manifest.layers.find(
    ({ mediaType, urls }) => /foreign|nondistributable/.test(mediaType) || urls?.length,
  );
  if (foreign !== undefined)
    throw oddImage(reference, `its registry does not hold the layer ${foreign.digest}: it lies at its maker's`);
  return manifest;
}

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
