/** What this release ships, pinned: read from `manifests/<component>/component.yaml`. */
export interface Catalog {
  readonly components: Readonly<Record<ComponentName, Component>>;
  /** The runtime that the installer is started with on a machine that has none. */
  readonly node: Component;
}

export const componentNames = [
  'k3s',
  'snapshotter',
  'longhorn',
  'multus',
  'nmstate',
  'kubevirt',
  'cdi',
  'cert-manager',
  'operator',
  'sample-vm',
] as const;
export type ComponentName = (typeof componentNames)[number];

export interface Component {
  readonly name: ComponentName | 'node';
  /** As upstream writes it: `v1.35.8+k3s1`. */
  readonly version: string;
  readonly licence: string;
  /** What is downloaded once and lies in the bundle under `path`. */
  readonly assets: readonly Asset[];
  /**
   * Every image, by name and tag. They come in the component's own archive where it has an asset under `images/` (k3s),
   * else in the one archive of the bundle.
   */
  readonly images: readonly Image[];
  /** Images that a manifest names and nothing ever starts, with the reason why that is known. */
  readonly unused?: readonly Required<Image>[];
}

export const architectures = ['amd64', 'arm64'] as const;
export type Architecture = (typeof architectures)[number];

export interface Asset {
  /** Path inside the bundle: `manifests/longhorn/longhorn.yaml`, `bin/k3s`. */
  readonly path: string;
  readonly url: string;
  /** Where upstream publishes its SHA-256, as `sha256sum` writes it; absent where it publishes none. */
  readonly checksums?: string;
  readonly architecture?: Architecture;
}

export interface Image {
  /** `docker.io/longhornio/longhorn-manager:v1.12.1` */
  readonly reference: string;
  /** Why it is needed when no manifest names it. */
  readonly reason?: string;
}

/** Where the images of a bundle lie, but for those that k3s brings in an archive of its own. */
export function imageArchive(architecture: Architecture): string {
  return `images/novasphere-${architecture}.tar.zst`;
}

/** The version of Novasphere that a catalog belongs to: its operator is released with the installer, in one number. */
export function releaseOf({ components }: Pick<Catalog, 'components'>): string {
  return components.operator.version;
}

/** Everything that a bundle may hold files of, the runtime last. */
export function allComponents({ components, node }: Catalog): readonly Component[] {
  return [...componentNames.map((name) => components[name]), node];
}
