import { readFileSync, readlinkSync } from 'node:fs';

/** A process, told so that one can say later whether it still lives. */
export interface Holder {
  readonly pid: number;
  /** When the kernel started it, in ticks since boot: the same pid may be another process by now. */
  readonly ticks: string;
  /** Its PID namespace: in another one the pid means nothing. Locks of earlier releases do not tell it. */
  readonly namespace?: string;
  readonly bootId: string;
}

/** What the kernel says of processes; tests bring their own. */
export interface Kernel {
  readonly pid: number;
  bootId(): string;
  namespace(): string;
  /** The start of a process in ticks since boot; undefined when there is no such process. */
  ticks(pid: number): string | undefined;
}

/**
 * `gone`: it has certainly ended. `rebooted`: it was of another boot, of this machine or of another one that shares the
 * directory. `alive`: it runs, or is where nobody here can see it.
 */
export type Fate = 'alive' | 'gone' | 'rebooted';

export function ownHolder(kernel: Kernel): Holder {
  const { pid } = kernel;
  return { pid, ticks: kernel.ticks(pid) ?? '', namespace: kernel.namespace(), bootId: kernel.bootId() };
}

export function fateOf(holder: Holder, kernel: Kernel): Fate {
  if (holder.bootId !== kernel.bootId()) return 'rebooted';
  if (holder.namespace !== undefined && holder.namespace !== kernel.namespace()) return 'alive';
  return kernel.ticks(holder.pid) === holder.ticks ? 'alive' : 'gone';
}

export const proc: Kernel = {
  pid: process.pid,
  bootId: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  namespace: () => readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, ''),
  ticks(pid) {
    try {
      // Field 22, counted behind the command's name, which may hold blanks and brackets.
      return readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19];
    } catch {
      return undefined;
    }
  },
};
