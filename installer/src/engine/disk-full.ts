import { Fault } from './fault.ts';
import { quote } from './quote.ts';

/** How full a filesystem is; bytes. */
export interface Space {
  /** A directory on it that exists. */
  readonly under: string;
  readonly free: number;
  readonly size: number;
  /** False when there is room, but no more files can be made. */
  readonly hasInodes?: boolean;
}

export interface FullDisk {
  readonly host: string;
  /** What was being done: `cannot write /etc/x (1.2 KiB)`, `“apt-get install …” failed with exit code 100`. */
  readonly doing: string;
  /** A file or directory on the disk that is full; undefined when only the program knows which. */
  readonly path: string | undefined;
  readonly said: string | undefined;
  readonly space?: Space | undefined;
  readonly evidence?: readonly string[];
}

const complaints = /No space left on device|ENOSPC|don't have enough free space|Disk quota exceeded/i;

/** Whether the last words of a program are about a full disk. */
export function tellsFullDisk(output: string): boolean {
  return complaints.test(output);
}

/** HOST-DISK-FULL in the same words, whoever noticed it. */
export function diskFull({ host, doing, path, said, space, evidence = [] }: FullDisk): Fault {
  const where = path === undefined ? [] : [`file ${path}`];
  return new Fault({
    code: 'HOST-DISK-FULL',
    message: `${doing}: the disk is full`,
    cause: said,
    where: [`host ${host}`, ...where],
    evidence: [...(space === undefined ? [] : [stateOf(space)]), ...evidence],
    remedy: [
      space === undefined ? 'df -h' : `df -h ${quote([space.under])}`,
      `du -xhd1 ${path?.startsWith('/var/') === false ? '/' : '/var'} | sort -h | tail          what takes the room`,
      'free some space there, then run the same command again',
    ],
  });
}

function stateOf({ under, free, size, hasInodes = true }: Space): string {
  const disk = `the filesystem under ${under} has ${bytes(size)}`;
  return hasInodes || free === 0
    ? `${disk}, of which ${bytes(free)} are free`
    : `${disk} and ${bytes(free)} free, but no more files fit on it: it is out of inodes`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `57 B`, `66.4 MiB`. */
export function bytes(count: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(count, 1)) / 10));
  const value = count / 2 ** (10 * power);
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`;
}
