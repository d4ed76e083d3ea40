/** The air-gap bundle: everything an installation places on a machine or applies to a cluster. */
export interface Bundle {
  /** Where the bundle is, for messages. */
  readonly place: string;
  /** The text of one of its files, by its path inside the bundle; a Fault BUNDLE-FILE-MISSING when absent. */
  text(path: string): Promise<string>;
  /** A file of the bundle as the machine sees it; a Fault BUNDLE-FILE-MISSING when absent. */
  file(path: string): Promise<BundleFile>;
  /** Compares every file with the index. Nothing is installed from a bundle with a problem. */
  verify(): Promise<readonly BundleProblem[]>;
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
  readonly kind: 'missing' | 'changed' | 'extra' | 'escapes' | 'link';
  readonly path: string;
  readonly detail: string;
}
