import { mkdir, rm } from 'node:fs/promises';
import type { RunProgram } from '#ports/program';
import type { Watch } from '../fetch/watch.ts';
import { askSkopeo, type Source } from './ask-skopeo.ts';
import type { ImageScratch } from './image-scratch.ts';
import { blobsOf } from './manifest.ts';
import type { SingleImage } from './raw-manifest.ts';
import { byDigest, type RegistryAccess } from './registry-access.ts';

/** Milliseconds between two looks at how much has come. */
const lookEvery = 500;
/**
 * Milliseconds without a byte after which a registry is asked anew. skopeo itself waits for up to four minutes, without a
 * word, for a registry that says when to come back.
 */
const patience = 300_000;

/** Has skopeo copy what the scratch does not have yet; skopeo itself compares digests while it writes. */
export async function copyLayers(image: SingleImage, scratch: ImageScratch, access: RegistryAccess, watch: Watch) {
  const { reference, digest } = image;
  // Signatures have no place in a layout, and the digest says all that matters.
  const asIs = ['--remove-signatures', '--dest-oci-accept-uncompressed-layers'];
  const into = ['--dest-shared-blob-dir', scratch.blobs];
  const words = ({ url, plainHttp }: Source): [string, ...string[]] => {
    const from = [...(plainHttp ? ['--src-tls-verify=false'] : []), url];
    return ['skopeo', 'copy', '--quiet', ...asIs, ...into, ...from, `oci:${scratch.layout}:image`];
  };
  const run = watched(image, scratch, access, watch);
  await askSkopeo(
    { image: reference, reference: byDigest(reference, digest), words, run, folder: scratch.folder },
    access,
    watch,
  );
}

/** Runs skopeo while somebody looks at how much has come, and ends it when nothing comes any more. */
function watched(image: SingleImage, scratch: ImageScratch, { run, clock }: RegistryAccess, watch: Watch): RunProgram {
  return async (command, options) => {
    await rm(scratch.layout, { recursive: true, force: true });
    await mkdir(scratch.layout, { recursive: true });
    const [ended, stalled] = [new AbortController(), new AbortController()];
    const looking = look({ image, scratch, clock, watch, stalled }, ended.signal);
    try {
      const signals = [stalled.signal, ...(watch.signal === undefined ? [] : [watch.signal])];
      return await run(command, { ...options, signal: AbortSignal.any(signals) });
    } catch (error) {
      if (!stalled.signal.aborted || watch.signal?.aborted === true) throw error;
      return { exitCode: 1, stdout: '', stderr: `timeout: nothing came for ${patience / 1000} s` };
    } finally {
      ended.abort();
      await looking;
    }
  };
}

interface Looking {
  readonly image: SingleImage;
  readonly scratch: ImageScratch;
  readonly clock: RegistryAccess['clock'];
  readonly watch: Watch;
  readonly stalled: AbortController;
}

async function look({ image, scratch, clock, watch, stalled }: Looking, ended: AbortSignal): Promise<void> {
  const blobs = blobsOf(image.manifest);
  let [last, since] = [-1, clock.elapsed()];
  while (!ended.aborted) {
    await clock.sleep(lookEvery, ended).catch(() => undefined);
    const bytes = await scratch.size(blobs);
    if (bytes !== last) [last, since] = [bytes, clock.elapsed()];
    else if (clock.elapsed() - since > patience) stalled.abort();
    watch.tell?.({ kind: 'has', bytes });
  }
}
