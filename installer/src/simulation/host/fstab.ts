import type { SimulatedMachine } from './simulated-machine.ts';

export interface FstabLine {
  readonly device: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** What /etc/fstab mounts at boot. */
export function fstabOf(machine: SimulatedMachine): readonly FstabLine[] {
  return (machine.files.read('/etc/fstab') ?? '').split('\n').flatMap((line) => {
    const [device = '', path = '', type = '', options = 'defaults'] = line.trim().split(/\s+/);
    const isEntry = device !== '' && !device.startsWith('#') && type !== '' && !options.split(',').includes('noauto');
    return isEntry ? [{ device, path, type, options: options.split(',') }] : [];
  });
}
