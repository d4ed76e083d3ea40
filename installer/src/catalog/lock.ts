import type { Architecture } from './catalog.ts';

/**
 * `manifests/catalog.lock.yaml`: what the files and images that the catalog names really are. Written by
 * `novasphere bundle resolve`, read by everything that fetches. What nobody has looked up yet is `unresolved`.
 */
export interface Lock {
  readonly assets: readonly LockedAsset[];
  readonly images: readonly LockedImage[];
  readonly packages: readonly PackageSet[];
}

export interface LockedAsset {
  /** In the bundle, as in the catalog. */
  readonly path: string;
  readonly component: string;
  readonly version: string;
  readonly licence: string;
  readonly url: string;
  readonly architecture?: Architecture;
  /** Hex; undefined: unresolved. */
  readonly sha256?: string;
  /** Bytes; undefined: unresolved. */
  readonly size?: number;
  /** `published`: upstream's own list of checksums says so; `first-use`: it is what we were given the first time. */
  readonly trust?: 'published' | 'first-use';
}

export interface LockedImage {
  readonly reference: string;
  readonly component: string;
  readonly licence: string;
  /** `sha256:…` of what the tag named: an index, or the one manifest. Undefined: unresolved. */
  readonly digest?: string;
  /** The manifest of each architecture that has one. */
  readonly platforms: Readonly<Partial<Record<Architecture, LockedManifest>>>;
}

export interface LockedManifest {
  /** `sha256:…` */
  readonly digest: string;
  /** Bytes of its layers and its configuration. */
  readonly size: number;
}

/** The Debian packages that a node needs beside those that the installation medium of its series brings. */
export interface PackageSet {
  /** `noble` */
  readonly series: string;
  readonly architecture: Architecture;
  /** In the order in which dpkg could take them. Undefined: unresolved. */
  readonly debs?: readonly LockedDeb[];
}

export interface LockedDeb {
  readonly package: string;
  readonly version: string;
  readonly url: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}
