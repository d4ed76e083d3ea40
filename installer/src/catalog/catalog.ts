/** What this release ships, pinned: read from `manifests/<component>/component.yaml`. */
export interface Catalog {
  readonly components: Readonly<Record<ComponentName, Component>>;
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
  readonly name: ComponentName;
  /** As upstream writes it: `v1.35.8+k3s1`. */
  readonly version: string;
  readonly licence: string;
  /** What is downloaded once and lies in the bundle under `path`. */
  readonly assets: readonly Asset[];
  /** Every image, by name and tag; the digest is undefined until `bundle resolve` has filled it in. */
  readonly images: readonly Image[];
}

export interface Asset {
  /** Path inside the bundle: `manifests/longhorn/longhorn.yaml`, `bin/k3s`. */
  readonly path: string;
  readonly url: string;
  /** Hex, or `unresolved`. */
  readonly sha256: string;
  readonly architecture?: 'amd64' | 'arm64';
}

export interface Image {
  /** `docker.io/longhornio/longhorn-manager:v1.12.1` */
  readonly reference: string;
  readonly digest?: string;
  /** Why it is needed when no manifest names it. */
  readonly reason?: string;
}
