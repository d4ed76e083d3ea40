import { bytes } from '#engine/disk-full';
import { Fault } from '#engine/fault';

interface Wanted {
  /** What the user knows it by: `bin/k3s`. */
  readonly name: string;
  readonly sha256: string;
  readonly size?: number;
  /** Where it came from: `URL https://…`. */
  readonly place: string;
}

interface Found {
  /** Absent where reading on would only have cost time. */
  readonly sha256?: string;
  readonly size: number;
  /** What it looks like, where that tells something. */
  readonly hint?: string | undefined;
}

/** FETCH-CHANGED in the same words, whoever compared. */
export function changedFault({ name, sha256, size, place }: Wanted, found: Found): Fault {
  return new Fault({
    code: 'FETCH-CHANGED',
    message: `${name} is not what the lock file says`,
    cause: found.hint,
    where: [place],
    evidence: [
      `wanted  sha256 ${sha256}${size === undefined ? '' : `, ${exact(size)}`}`,
      `found   ${found.sha256 === undefined ? `more than that: at least ${exact(found.size)}` : `sha256 ${found.sha256}, ${exact(found.size)}`}`,
    ],
    remedy: [
      'novasphere bundle resolve --check          tells whether upstream has changed it',
      'try another network or mirror: something on the way may have replaced it',
    ],
  });
}

/** `66.4 MiB (69619712 bytes)`; small ones as bytes alone. */
function exact(size: number): string {
  return size < 1024 ? `${size} bytes` : `${bytes(size)} (${size} bytes)`;
}
