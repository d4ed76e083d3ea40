import { Fault } from '#engine/fault';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { hostOf } from '#profile/host-of';
import { fileWith } from '../verbs/host-file.ts';
import { type Part, stepOf } from '../verbs/host-part.ts';

const file = '/etc/sysctl.d/91-novasphere-hugepages.conf';
const counter = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages';

/** Pages of 2 MiB, now and at every boot; those of 1 GiB can only be had on the kernel command line. */
export function hugepagesStep({ profile, node }: Site): Step {
  const wanted = hostOf(profile, node).hugepages['2Mi'];
  return stepOf(
    { id: 'host/hugepages', title: 'Set aside hugepages' },
    fileWith(file, wanted === 0 ? undefined : `vm.nr_hugepages = ${wanted}\n`),
    setAside(wanted),
  );
}

function setAside(wanted: number): Part {
  return {
    async changes({ host }) {
      const had = await count(host);
      return had === wanted ? [] : [{ what: 'hugepages of 2 MiB', from: `${had}`, to: `${wanted}` }];
    },
    async make({ host }) {
      await host.run(['sysctl', '-w', `vm.nr_hugepages=${wanted}`]);
      const had = await count(host);
      if (had < wanted) throw fragmented(had, wanted);
    },
  };
}

async function count(host: HostSight): Promise<number> {
  return Number((await host.read(counter))?.trim() ?? 0);
}

function fragmented(had: number, wanted: number): Fault {
  return new Fault({
    code: 'HOST-HUGEPAGES',
    message: `only ${had} of ${wanted} hugepages of 2 MiB could be had`,
    cause: 'the memory of the running system is too fragmented for more',
    evidence: [`${file} asks for all ${wanted} at every start`],
    remedy: [
      'systemctl reboot          then run the same command again: at a start memory is still in one piece',
      `or set host.hugepages.2Mi in the profile to ${had} or less`,
    ],
  });
}
