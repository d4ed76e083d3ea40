import type { SimulatedMachine } from './simulated-machine.ts';

export const grubConfig = '/boot/grub/grub.cfg';

/** What update-grub makes of /etc/default/grub and its drop-ins. */
export function renderGrub(machine: SimulatedMachine): string {
  const values = new Map<string, string>();
  const dropIns = machine.files.list('/etc/default/grub.d').filter((name) => name.endsWith('.cfg'));
  for (const path of ['/etc/default/grub', ...dropIns.map((name) => `/etc/default/grub.d/${name}`)]) {
    source(machine.files.read(path) ?? '', values);
  }
  const words = [values.get('GRUB_CMDLINE_LINUX'), values.get('GRUB_CMDLINE_LINUX_DEFAULT')];
  const given = words
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const root = machine.mounts.find((one) => one.path === '/')?.device ?? '/dev/sda2';
  return `menuentry 'Ubuntu' {\n\tlinux\t/vmlinuz-${machine.hardware.kernel.release} ${[`root=${root}`, 'ro', ...given].join(' ')}\n}\n`;
}

/** The kernel command line of the next boot. */
export function nextCmdline(machine: SimulatedMachine): string | undefined {
  const line = /^\tlinux\t(\S+) (.*)$/m.exec(machine.files.read(grubConfig) ?? '');
  return line === null ? undefined : `BOOT_IMAGE=${line[1]} ${line[2]}`;
}

/** Hugepages that a kernel command line asks for, by size; `hugepages=` belongs to the `hugepagesz=` before it. */
export function hugepagesOf(cmdline: string): Readonly<Record<'2Mi' | '1Gi', number>> {
  const counts = { '2Mi': 0, '1Gi': 0 };
  let size: '2Mi' | '1Gi' = /default_hugepagesz=1G/.test(cmdline) ? '1Gi' : '2Mi';
  for (const word of cmdline.split(/\s+/)) {
    const [key, value = ''] = word.split('=');
    if (key === 'hugepagesz') size = value === '1G' ? '1Gi' : '2Mi';
    if (key === 'hugepages') counts[size] = Number(value);
  }
  return counts;
}

/** Assignments of a shell file; `$NAME` and `${NAME}` mean what was assigned before. */
function source(text: string, values: Map<string, string>): void {
  for (const line of text.split('\n')) {
    const [, key, raw = ''] = /^\s*([A-Z_]+)=(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined) continue;
    const bare = raw.replace(/^(["'])(.*)\1$/, '$2');
    values.set(
      key,
      bare.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, one?: string, two?: string) => values.get(one ?? two ?? '') ?? ''),
    );
  }
}
