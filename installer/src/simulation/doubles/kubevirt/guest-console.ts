/** A line that a booting guest prints, and when: as a share of the whole boot. */
export interface ConsoleLine {
  readonly at: number;
  readonly text: string;
}

export interface Boot {
  readonly hostname: string;
  readonly emulated: boolean;
  readonly hasUserData: boolean;
  /** What the script in the user data prints; undefined when there is none that we know. */
  readonly script?: () => string;
}

const firmware: readonly ConsoleLine[] = [
  { at: 0, text: 'SeaBIOS (version 1.16.3-4.el9)\nBooting from Hard Disk...\n' },
];

function kernel(emulated: boolean): readonly ConsoleLine[] {
  const hypervisor = emulated
    ? '[    0.000000] Hypervisor detected: QEMU (TCG)\n'
    : '[    0.000000] Hypervisor detected: KVM\n';
  return [
    { at: 0.1, text: '[    0.000000] Linux version 5.3.0-26-generic (buildd@lgw01-amd64-039)\n' },
    { at: 0.1, text: hypervisor },
    { at: 0.3, text: '[    1.221873] virtio_blk virtio2: [vda] 88064 512-byte logical blocks (45.1 MB/43.0 MiB)\n' },
    {
      at: 0.5,
      text: 'info: initramfs: up at 2.43\nGROWROOT: CHANGED: partition=1\ninfo: initramfs loading root from /dev/vda1\n',
    },
    { at: 0.6, text: 'info: /etc/init.d/rc.sysinit: up at 3.12\nStarting network: udhcpc: started, v1.29.3\n' },
  ];
}

/** The kernel, the init scripts and the login prompt of CirrOS 0.5.2, as the serial console shows them. */
export function consoleOf(boot: Boot): readonly (ConsoleLine & { readonly print: () => string })[] {
  const source = boot.hasUserData ? 'found datasource (nocloud, local)' : 'failed to read any datasource';
  const lines: readonly (ConsoleLine & { readonly script?: () => string })[] = [
    ...firmware,
    ...kernel(boot.emulated),
    { at: 0.8, text: `checking http://169.254.169.254/2009-04-04/instance-id\ncloud-init: ${source}\n` },
    ...(boot.script ? [{ at: 0.95, text: '', script: boot.script }] : []),
    { at: 1, text: "login as 'cirros' user. default password: 'gocubsgo'. use 'sudo' for root.\n" },
    { at: 1, text: `${boot.hostname} login: ` },
  ];
  return lines.map((line) => ({ ...line, print: line.script ?? (() => line.text) }));
}

/** What a guest prints that will never come to its prompt. */
export const stuckConsole = firmware;
