import type { Phase, Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { withoutMount } from '../../host/data-disk/fstab.ts';
import { swapAgain } from '../../host/swap.ts';
import { fileWith } from '../../verbs/host-file.ts';
import { type Part, stepOf } from '../../verbs/host-part.ts';
import type { ResetWish } from '../wish.ts';
import { ownFiles, ownNotes } from './own-files.ts';

const fstab = '/etc/fstab';
const counter = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages';

/** What made the machine a virtualisation node goes; what makes it reachable, and this site's machine, stays. */
export function hostRestored(site: Site, wish: ResetWish): Phase {
  return {
    id: 'reset-host',
    title: 'Restore the host',
    on: 'each host',
    needs: [],
    steps: [settings(), swap(), ...(wish.keepData ? [] : dataDisk(site)), notes()],
  };
}

function settings(): Step {
  const about = { id: 'reset-host/settings', title: 'Remove the settings of the platform' };
  return stepOf(about, ...ownFiles.map(({ path, options }) => fileWith(path, undefined, options)), hugepagesFree);
}

/** Set aside for guests that are gone; those of 1 GiB are the kernel's until the next restart. */
const hugepagesFree: Part = {
  async changes({ host }) {
    const had = ((await host.read(counter)) ?? '0').trim();
    return had === '0' ? [] : [{ what: 'hugepages of 2 MiB', from: had, to: '0' }];
  },
  make: async ({ host }) => void (await host.run(['sysctl', '-w', 'vm.nr_hugepages=0'])),
};

function swap(): Step {
  const restored = fileWith(fstab, async ({ host }) => swapAgain(await host.read(fstab)), {
    after: [['swapon', '--all']],
  });
  return stepOf({ id: 'reset-host/swap', title: 'Switch swap on again' }, restored);
}

function dataDisk({ node }: Site): readonly Step[] {
  const { data } = node.disks;
  if (data === undefined) return [];
  const unlisted = fileWith(fstab, async ({ host }) => withoutMount(await host.read(fstab), data.mount), {
    after: [['systemctl', 'daemon-reload']],
  });
  return [stepOf({ id: 'reset-host/data-disk', title: 'Unmount the data disk' }, unmounted(data.mount), unlisted)];
}

function unmounted(path: string): Part {
  return {
    async changes({ host }) {
      const { exitCode } = await host.ask(['findmnt', '--noheadings', '--output', 'UUID', '--mountpoint', path]);
      return exitCode === 0 ? [{ what: path, from: 'mounted', to: 'not mounted; its filesystem stays' }] : [];
    },
    make: async ({ host }) => void (await host.run(['umount', path])),
  };
}

/** Last of all: what tells a run that was cut how far it had come. */
function notes(): Step {
  const about = { id: 'reset-host/notes', title: 'Forget what this machine remembers of the platform' };
  return stepOf(about, ...ownNotes.map((path) => fileWith(path, undefined)), pendingGone);
}

const pending = '/var/lib/novasphere/pending';
const pendingGone: Part = {
  async changes({ host }) {
    const left = await host.list(pending);
    return left.map((name) => ({ what: `${pending}/${name}`, from: 'there', to: 'absent' }));
  },
  make: async ({ host }) => void (await host.run(['rm', '-rf', pending])),
};
