import type { ProgramOptions } from '#ports/program';
import type { Watch } from '../fetch/watch.ts';
import { writeFault } from '../store/store-fault.ts';
import type { RegistryAccess } from './registry-access.ts';
import { skopeoFault } from './skopeo-fault.ts';
import { complaint, type Trouble, troubleIn } from './skopeo-trouble.ts';

interface Errand {
  /** As the user knows it. */
  readonly image: string;
  /** What skopeo is asked for: a reference with a tag, or with a digest. */
  readonly reference: string;
  /** The command, from where the image comes from. */
  readonly words: (source: Source) => readonly [string, ...string[]];
  /** Where it is to lie; undefined when nothing is written. */
  readonly folder?: string;
  /** Runs it once; instead of `run`. */
  readonly run?: RegistryAccess['run'];
}

export interface Source {
  /** `docker://docker.io/a/b@sha256:…` */
  readonly url: string;
  /** The registry speaks plain HTTP. Otherwise nothing is said of TLS, so that this machine's registries.conf counts. */
  readonly plainHttp: boolean;
}

/** Milliseconds before the next try. skopeo has waited some half a minute itself when it says that it was throttled. */
const pauses: Readonly<Partial<Record<Trouble, readonly number[]>>> = {
  changed: [2000],
  passing: [2000, 8000, 30_000],
  throttled: [60_000, 120_000],
};
const because: Readonly<Partial<Record<Trouble, string>>> = {
  changed: 'something else came',
  passing: 'the registry did not send it to its end',
  throttled: 'the registry was asked too often',
};

/** Runs skopeo until it ends well, and tells what it printed. What may pass is tried again, after polite pauses. */
export async function askSkopeo(errand: Errand, access: RegistryAccess, watch: Watch = {}): Promise<string> {
  const { reference, plainHttp } = access.mirrors.mirroredImage(errand.reference);
  const command = errand.words({ url: `docker://${reference}`, plainHttp });
  const options: ProgramOptions = watch.signal === undefined ? {} : { signal: watch.signal };
  for (let tries = 1; ; tries++) {
    watch.signal?.throwIfAborted();
    const { exitCode, stdout, stderr } = await (errand.run ?? access.run)(command, options);
    if (exitCode === 0) return stdout;
    watch.signal?.throwIfAborted();
    const trouble = troubleIn(stderr);
    const milliseconds = pauses[trouble]?.[tries - 1];
    if (milliseconds === undefined) throw await faultFor(trouble, stderr, { ...errand, place: reference, tries });
    watch.tell?.({ kind: 'waiting', because: because[trouble] ?? '', milliseconds });
    await access.clock.sleep(milliseconds, watch.signal);
  }
}

async function faultFor(trouble: Trouble, stderr: string, errand: Errand & { place: string; tries: number }) {
  const { image, folder = '.', place, tries } = errand;
  if (trouble !== 'full') return skopeoFault(trouble, stderr, { image, place, tries });
  const error = Object.assign(new Error(complaint(stderr)), { code: 'ENOSPC' });
  return writeFault(error, { name: image, path: folder, needed: undefined });
}
