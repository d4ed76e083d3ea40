/** The types of the code, inferred from the schemas. Whoever runs imports these as types alone, so that zod stays out. */
import type * as z from 'zod';
import type { CloudInitUser as User } from './cloud-init.ts';
import type { Disk } from './disk.ts';
import type { DiskSource as Source } from './disk-source.ts';
import type { IpConfig as Addressing } from './ip-config.ts';
import type { Network } from './network.ts';
import type { WukongSnapshotSpec as SnapshotSpec, WukongSnapshotStatus as SnapshotStatus } from './snapshot.ts';
import type { WukongSpec as Spec } from './spec.ts';
import type { Stated } from './stated.ts';
import type { NetworkStatus as Nic, WukongStatus as Status, VolumeStatus as Volume } from './status.ts';

export type WukongSpec = Stated<z.input<typeof Spec>>;
export type WukongDisk = Stated<z.input<typeof Disk>>;
export type DiskSource = Stated<z.input<typeof Source>>;
export type WukongNetwork = Stated<z.input<typeof Network>>;
export type IpConfig = Stated<z.input<typeof Addressing>>;
export type CloudInitUser = Stated<z.input<typeof User>>;

export type WukongStatus = Stated<z.input<typeof Status>>;
export type NetworkStatus = Stated<z.input<typeof Nic>>;
export type VolumeStatus = Stated<z.input<typeof Volume>>;

export type WukongSnapshotSpec = Stated<z.input<typeof SnapshotSpec>>;
export type WukongSnapshotStatus = Stated<z.input<typeof SnapshotStatus>>;
