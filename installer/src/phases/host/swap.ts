import type { Step } from '#engine/step';
import { fileWith } from '../verbs/host-file.ts';
import { type Part, stepOf } from '../verbs/host-part.ts';

const fstab = '/etc/fstab';
const mark = '# switched off by novasphere: ';
const swapLine = /^\s*[^#\s]\S*\s+\S+\s+swap\s/;

/** Memory of virtual machines must not end up on a disk behind their back. */
export function swapStep(): Step {
  const without = fileWith(fstab, async ({ host }) =>
    (await host.read(fstab))?.split('\n').map(withoutSwap).join('\n'),
  );
  return stepOf({ id: 'host/swap', title: 'Switch swap off' }, without, off);
}

const off: Part = {
  async changes({ host }) {
    const [, ...active] = ((await host.read('/proc/swaps')) ?? '').trim().split('\n');
    return active.map((line) => ({ what: `swap on ${line.split(/\s+/)[0]}`, from: 'on', to: 'off' }));
  },
  make: async ({ host }) => void (await host.run(['swapoff', '-a'])),
};

function withoutSwap(line: string): string {
  return swapLine.test(line) ? `${mark}${line}` : line;
}

/** The table with swap as it was before. */
export function swapAgain(table: string | undefined): string | undefined {
  return table?.replaceAll(mark, '');
}
