/** What a machine is, as `novasphere inventory` tells it and `match` reads it. Version of the shape: 1. */
export interface Inventory {
  readonly version: 1;
  readonly hostname: string;
  /** ISO time at which the machine was read. */
  readonly taken: string;
  readonly machine: {
    readonly vendor?: string;
    readonly product?: string;
    readonly serial?: string;
    readonly uuid?: string;
  };
  readonly firmware: 'uefi' | 'bios';
  readonly secureBoot?: boolean;
  readonly virtualised?: string;
  readonly cpu: {
    readonly model: string;
    readonly architecture: 'amd64' | 'arm64';
    readonly sockets: number;
    readonly cores: number;
    readonly threads: number;
    /** `vmx` or `svm` when the CPU can virtualise and the firmware lets it. */
    readonly virtualisation?: 'vmx' | 'svm';
    readonly numaNodes: number;
  };
  /** Bytes. */
  readonly memory: { readonly total: number; readonly hugepages: Readonly<Record<'2Mi' | '1Gi', number>> };
  readonly kernel: { readonly release: string; readonly cmdline: string; readonly cgroup: 'v1' | 'v2' };
  readonly os: { readonly id: string; readonly version: string; readonly name: string };
  readonly disks: readonly DiskFacts[];
  readonly nics: readonly NicFacts[];
  readonly modules: readonly string[];
  readonly devices: {
    readonly kvm: boolean;
    readonly tun: boolean;
    readonly vhostNet: boolean;
    readonly iommuGroups: number;
  };
  readonly clock: { readonly synchronized: boolean; readonly timezone?: string };
  readonly bootId: string;
}

export interface DiskFacts {
  /** `/dev/sda` – may change from boot to boot, so profiles never name it. */
  readonly path: string;
  readonly serial?: string;
  readonly wwn?: string;
  readonly model?: string;
  readonly byId: readonly string[];
  /** Bytes. */
  readonly size: number;
  readonly rotational: boolean;
  readonly removable: boolean;
  readonly transport?: string;
  readonly readOnly: boolean;
  /** Filesystem or partition table signature, with label, as blkid tells. */
  readonly contents: readonly string[];
  /** What uses it now: mount points, `swap`, `lvm`, `raid`. */
  readonly usedBy: readonly string[];
}

export interface NicFacts {
  readonly name: string;
  readonly mac: string;
  readonly driver?: string;
  readonly pci?: string;
  readonly carrier: boolean;
  /** Mbit/s. */
  readonly speed?: number;
  readonly mtu: number;
  readonly addresses: readonly string[];
  /** `physical` for hardware; bridges, bonds and virtual links are told apart. */
  readonly kind: 'physical' | 'virtual';
}
