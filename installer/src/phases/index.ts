import type { PhaseFor } from '#plan/plan';
import { cdi } from './cdi/cdi.ts';
import { certManager } from './cert-manager/cert-manager.ts';
import { host } from './host/host.ts';
import { k3s } from './k3s/k3s.ts';
import { kubevirt } from './kubevirt/kubevirt.ts';
import { longhorn } from './longhorn/longhorn.ts';
import { multus } from './multus/multus.ts';
import { nmstate } from './nmstate/nmstate.ts';
import { operator } from './operator/operator.ts';
import { preflight } from './preflight/preflight.ts';
import { verify } from './verify/verify.ts';

/** The product, as a table of contents: every phase in the order of starting. Each waits for the gates of what it needs. */
export const phases: readonly PhaseFor[] = [
  preflight, //    is this machine what the profile says, and fit for it?
  host, //         packages, kernel, disks, network names; one restart where it has to be
  k3s, //          Kubernetes, from the bundle's images alone
  longhorn, //     volumes, and snapshots of them
  multus, //       more than one network for a pod; alone, and taken back when it breaks pods
  nmstate, //      bridges on the host, declared
  kubevirt, //     virtual machines
  cdi, //          disks filled from images
  certManager, //  certificates
  operator, //     Wukong: a VM in twenty lines
  verify, //       the proof: a sample VM that boots, keeps its data, and leaves nothing behind
];
