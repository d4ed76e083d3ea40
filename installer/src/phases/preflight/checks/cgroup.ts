import { Fault } from '#engine/fault';
import type { Check } from '../check.ts';

/** The kubelet of Kubernetes 1.35 exits on cgroup v1. */
export const cgroupVersion: Check = ({ facts: { kernel } }) =>
  kernel.cgroup === 'v2'
    ? []
    : [
        new Fault({
          code: 'PREFLIGHT-CGROUP',
          message: 'this machine runs cgroup v1, which the kubelet of Kubernetes 1.35 refuses',
          evidence: [kernel.cmdline],
          remedy: ['remove systemd.unified_cgroup_hierarchy=0 from the kernel command line, update-grub, restart'],
        }),
      ];
