import type { Lock, LockedAsset, LockedImage, LockedManifest } from '#catalog/lock';

/** One thing that upstream says otherwise than the lock. */
export interface Drift {
  /** Path of an asset, or reference of an image. */
  readonly name: string;
  readonly what: 'sha256' | 'size' | 'digest' | 'digest for amd64' | 'digest for arm64';
  readonly locked: string;
  readonly now: string;
}

/** In what a lock that was looked up anew differs from the one before. What was unresolved cannot have drifted. */
export function driftBetween(before: Lock, now: Lock): readonly Drift[] {
  const assets = new Map(now.assets.map((one) => [one.path, one]));
  const images = new Map(now.images.map((one) => [one.reference, one]));
  return [
    ...before.assets.flatMap((one) => ofAsset(one, assets.get(one.path))),
    ...before.images.flatMap((one) => ofImage(one, images.get(one.reference))),
  ];
}

function ofAsset(before: LockedAsset, now: LockedAsset | undefined): readonly Drift[] {
  return [
    ...changed(before.path, 'sha256', before.sha256, now?.sha256),
    ...(before.sha256 === now?.sha256 ? changed(before.path, 'size', before.size, now?.size) : []),
  ];
}

function ofImage(before: LockedImage, now: LockedImage | undefined): readonly Drift[] {
  const { reference, platforms } = before;
  const digestOf = (one: LockedManifest | undefined) => one?.digest;
  return [
    ...changed(reference, 'digest', before.digest, now?.digest),
    ...(['amd64', 'arm64'] as const).flatMap((architecture) =>
      before.digest === undefined
        ? []
        : changed(
            reference,
            `digest for ${architecture}`,
            digestOf(platforms[architecture]) ?? 'none',
            digestOf(now?.platforms[architecture]) ?? 'none',
          ),
    ),
  ];
}

function changed(
  name: string,
  what: Drift['what'],
  locked: string | number | undefined,
  now: string | number | undefined,
): readonly Drift[] {
  if (locked === undefined || locked === now) return [];
  return [{ name, what, locked: String(locked), now: String(now ?? 'gone') }];
}
