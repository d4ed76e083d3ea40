import type { Relation } from './look.ts';
import { addressesAreGiven, gatewayIsReachable, subnetsAreApart } from './relations/addresses.ts';
import { bridgesHavePorts, bridgesSpareManagement } from './relations/bridges.ts';
import { signaturesCount } from './relations/bundle.ts';
import { clusterNetworksAreApart, proxySparesCluster } from './relations/cluster-networks.ts';
import { componentsFit, replicasFit } from './relations/components.ts';
import { dataIsMountedApart, disksAreApart, selectorsSelect, wipeIsExact } from './relations/disks.ts';
import {
  cpusAreReserved,
  hugepagesAreSane,
  settingsAreFree,
  timezoneIsKnown,
  usersCanLogIn,
} from './relations/host.ts';
import { addressesAreUnique, devicesAreUnique, namesAreUnique } from './relations/names.ts';
import { machinesAreKnown, serversHaveQuorum, tokenIsShared } from './relations/nodes.ts';
import { mirrorsHaveNames } from './relations/registries.ts';

/** Every rule about several values together, in the order of the profile. */
export const relations: readonly Relation[] = [
  serversHaveQuorum,
  machinesAreKnown,
  namesAreUnique,
  devicesAreUnique,
  selectorsSelect,
  wipeIsExact,
  disksAreApart,
  dataIsMountedApart,
  addressesAreGiven,
  gatewayIsReachable,
  addressesAreUnique,
  subnetsAreApart,
  bridgesHavePorts,
  bridgesSpareManagement,
  signaturesCount,
  timezoneIsKnown,
  usersCanLogIn,
  hugepagesAreSane,
  cpusAreReserved,
  settingsAreFree,
  proxySparesCluster,
  clusterNetworksAreApart,
  tokenIsShared,
  mirrorsHaveNames,
  replicasFit,
  componentsFit,
];
