import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBundle } from '#adapters/directory-bundle';
import { Fault } from '#engine/fault';
import type { Bundle } from '#ports/bundle';
import type { Call } from './call.ts';
import { keyFolder, machineKeys } from './machine-keys.ts';
import { ownArchitecture } from './own-architecture.ts';
import { type GivenSite, releaseRoot } from './site.ts';

/** Where the ISO puts the bundle. */
const usualBundle = '/opt/novasphere/bundle';

export interface BundleWish {
  readonly mode: 'inspect' | 'apply';
  readonly installs: boolean;
  /** Whether only a cluster is worked on, from a machine that is none of its nodes. */
  readonly isRemote: boolean;
}

const opened = new WeakMap<Call, Promise<Bundle>>();

/** The bundle of `--bundle`, the one of the ISO, or what a plan has at hand instead. */
export async function bundleFor(site: GivenSite, call: Call, wish: BundleWish): Promise<Bundle> {
  const { options, terminal } = call;
  const directory = options.text('bundle') ?? (existsSync(usualBundle) ? usualBundle : undefined);
  if (directory !== undefined) {
    // One bundle for all that a command does: its manifests are parsed once.
    const known = opened.get(call) ?? openTrusting(directory);
    opened.set(call, known);
    return known;
  }
  if (!wish.installs && wish.mode === 'apply') return noBundle(wish.isRemote);
  if (wish.installs) throw withoutBundle(wish.isRemote);
  const { rehearsedBundle } = await import('#simulation/bundle/rehearsed-bundle');
  const bundle = rehearsedBundle(site.catalog, join(releaseRoot, '../shared/upstream'), {
    architecture: ownArchitecture(),
  });
  terminal.tell(`no bundle given (--bundle DIR); what one would hold is ${bundle.place}\n`);
  return bundle;
}

/** A bundle in a directory, looked at by a machine that trusts the keys that lie on it. */
export async function openTrusting(directory: string): Promise<Bundle> {
  const [bundle, own] = await Promise.all([openBundle(directory), machineKeys(keyFolder)]);
  return { ...bundle, signature: (trusted) => bundle.signature([...trusted, ...own]) };
}

/** For what installs nothing: only whoever needs a file of it hears that there is none. */
function noBundle(isRemote: boolean): Bundle {
  const never = () => Promise.reject(withoutBundle(isRemote));
  return { place: 'no bundle', text: never, file: never, verify: never, signature: never, images: never };
}

function withoutBundle(isRemote: boolean): Fault {
  const about = {
    code: 'BUNDLE-UNREADABLE',
    message: 'there is nothing to install from',
    cause: `no --bundle was given, and ${usualBundle} is not there`,
  } as const;
  if (!isRemote)
    return new Fault({
      ...about,
      remedy: ['novasphere apply PROFILE --bundle DIR', 'boot the machine from the ISO, which carries the bundle'],
    });
  return new Fault({
    ...about,
    evidence: [
      'a cluster that pulls its images by itself needs the manifests of a bundle alone:',
      '  DIR/bundle.yaml                      the index: path, sha256 and size of each file',
      '  DIR/manifests/COMPONENT/NAME.yaml    as manifests/COMPONENT/component.yaml of this release names them',
      'and a profile with  bundle: {allowUnsigned: true}  for as long as nobody has signed it',
    ],
    remedy: [
      'scripts/manifest-bundle DIR          lays out such a bundle from a checkout',
      'then the same command with --bundle DIR',
    ],
  });
}
