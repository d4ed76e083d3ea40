/** The air-gap bundle: everything an installation places on a machine or applies to a cluster. */
export interface Bundle {
  /** Where the bundle is, for messages. */
  readonly place: string;
  /** What it is made for; undefined in one of manifests alone. */
  readonly madeFor?: BundleTarget;
  /** The text of one of its files, by its path inside the bundle; a Fault BUNDLE-FILE-MISSING when absent. */
  text(path: string): Promise<string>;
  /** A file of the bundle as the machine sees it; a Fault BUNDLE-FILE-MISSING when absent. */
  file(path: string): Promise<BundleFile>;
  /** Compares every file with the index. Nothing is installed from a bundle with a problem. */
  verify(): Promise<readonly BundleProblem[]>;
  /** Who has signed its index, seen by somebody who trusts these keys (base64, as minisign prints public keys). */
  signature(trusted: readonly string[]): Promise<BundleSignature>;
  /** Its images, as its proof tells them; a Fault BUNDLE-UNPROVEN when it holds no proof that they are complete. */
  images(): Promise<readonly BundleImage[]>;
}

export interface BundleTarget {
  /** Version of Novasphere: `0.1.0`. */
  readonly release: string;
  readonly architecture: 'amd64' | 'arm64';
  /** Codename of the Ubuntu release that its packages are for: `noble`; absent when it brings none. */
  readonly series?: string;
}

export interface BundleFile {
  readonly path: string;
  /** Absolute path on the machine that the installer runs on. */
  readonly source: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

export interface BundleProblem {
  /** `special`: a socket, pipe or device; `unreadable`: the disk or its rights do not give it. */
  readonly kind: 'missing' | 'changed' | 'extra' | 'escapes' | 'link' | 'special' | 'unreadable';
  readonly path: string;
  readonly detail: string;
}

export type BundleSignature =
  | { readonly kind: 'trusted'; readonly keyId: string; readonly comment: string }
  /** There is none. */
  | { readonly kind: 'absent' }
  /** It is of a key that nobody here trusts. */
  | { readonly kind: 'unknown'; readonly keyId: string }
  /** It names a trusted key, and is not of this index; or it is no signature at all. */
  | { readonly kind: 'forged'; readonly detail: string };

/** An image that a bundle brings. */
export interface BundleImage {
  /** `docker.io/longhornio/longhorn-manager:v1.12.1` */
  readonly reference: string;
  /** `sha256:…` of the manifest for the bundle's architecture; absent where its archive does not tell (docker save). */
  readonly digest?: string;
  /** Bytes of its layers and its configuration, as they lie in the archive. */
  readonly size: number;
  /** Path of the archive inside the bundle that holds it. */
  readonly archive: string;
  /** Who asks for it, in words: `Deployment longhorn-system/longhorn-driver-deployer, environment CSI_ATTACHER_IMAGE`. */
  readonly askedBy: readonly string[];
}
