/** What a simulated machine is made of. All of it may be changed by whoever holds the machine. */

export interface Signature {
  /** `ext4`, `xfs`, `vfat`, `swap`, `LVM2_member`, … */
  type: string;
  label?: string;
  uuid: string;
}

export interface Partition {
  readonly path: string;
  size: number;
  holds?: Signature;
}

export interface Disk {
  path: string;
  serial?: string;
  wwn?: string;
  model?: string;
  byId: string[];
  /** Bytes. */
  size: number;
  rotational: boolean;
  removable: boolean;
  transport?: string;
  readOnly: boolean;
  table?: string;
  holds?: Signature;
  partitions: Partition[];
  /** Milliseconds that 99 of 100 fsyncs stay below. */
  fsync: number;
}

export interface Mount {
  readonly device: string;
  readonly path: string;
  readonly filesystem: string;
  readonly size: number;
}

export interface Nic {
  name: string;
  readonly mac: string;
  driver?: string;
  pci?: string;
  /** Whether a cable is in and the other side is on. */
  carrier: boolean;
  speed?: number;
  mtu: number;
  addresses: string[];
  gateway?: string;
  kind: 'physical' | 'bridge' | 'virtual';
  /** The bridge it is a port of. */
  master?: string;
  /** What DHCP gives it. */
  readonly lease: { readonly addresses: readonly string[]; readonly gateway?: string };
  /** The name that the kernel's own rules give it. */
  readonly firstName: string;
}

export interface Package {
  version: string;
  status: 'installed' | 'unpacked' | 'half-configured' | 'config-files';
}

export interface Unit {
  enablement: 'enabled' | 'disabled' | 'static' | 'masked';
  active: 'active' | 'activating' | 'inactive' | 'failed';
  /** How often it was told to start. */
  starts?: number;
  /** What it told the journal, newest last. */
  said?: string[];
  /** What it was before somebody masked it. */
  unmasked?: 'enabled' | 'disabled' | 'static';
}

export interface Image {
  /** Of what it names; absent where its archive told none. */
  readonly digest?: string;
  /** Safe on disk: it will be whole after a power cut. */
  durable: boolean;
  /** In the list, but its layers are files of zero bytes. */
  torn: boolean;
}

export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly process?: string;
}

/** Whatever is broken on purpose; may be switched at any time. */
export interface MachineTroubles {
  /** Every write fails as on a full disk. */
  diskFull: boolean;
  /** No name resolves. */
  dnsDead: boolean;
  /** No time server answers. */
  clockLost: boolean;
  /** The kernel finds fewer free hugepages than it is asked for. */
  memoryFragmented: boolean;
  /** The firmware has switched hardware virtualisation off. */
  noVirtualisation: boolean;
  /** MAC addresses or names of NICs whose cable is out. */
  readonly noCarrier: Set<string>;
  /** Images that no archive really holds. */
  readonly missingImages: Set<string>;
}

export function noTroubles(): MachineTroubles {
  return {
    diskFull: false,
    dnsDead: false,
    clockLost: false,
    memoryFragmented: false,
    noVirtualisation: false,
    noCarrier: new Set(),
    missingImages: new Set(),
  };
}
