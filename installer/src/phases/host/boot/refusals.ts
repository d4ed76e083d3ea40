import { Fault } from '#engine/fault';
import { describe } from '#engine/run-step';
import type { Change } from '#engine/step';

export function stillDifferent(changes: readonly Change[]): Fault {
  return new Fault({
    code: 'STEP-UNSETTLED',
    message: `the machine was restarted, and ${changes.length === 1 ? 'a setting is' : `${changes.length} settings are`} still not in effect`,
    cause: 'it is not restarted again for the same reason',
    evidence: changes.map(describe),
    remedy: ['cat /proc/cmdline', 'networkctl list', 'nmcli device'],
  });
}

export function hugepagesShort(had: number, wanted: number): Fault {
  return new Fault({
    code: 'HOST-HUGEPAGES',
    message: `the kernel set aside only ${had} of ${wanted} hugepages of 1 GiB at boot`,
    remedy: ['ask for fewer host.hugepages, or add memory', 'dmesg | grep -i hugepage'],
  });
}
