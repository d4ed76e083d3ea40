import { hostname, tmpdir } from 'node:os';
import { diskFull, tellsFullDisk } from '#engine/disk-full';
import { Fault, type FaultAbout } from '#engine/fault';
import type { Answer } from '#ports/host';
import type { Archive } from './archive.ts';

interface Asked {
  readonly archive: Archive;
  /** Where it was asked for, without user and password. */
  readonly address: string;
}

/** What an `apt-get update` in an empty root says is wrong; undefined when all lists came. */
export function archiveFault(answer: Answer, asked: Asked): Fault | undefined {
  const said = `${answer.stdout}\n${answer.stderr}`;
  // For apt a component that the archive does not have is a warning.
  const component = /doesn't have the component '([^'/]+)/.exec(said)?.[1];
  if (answer.exitCode === 0 && component === undefined) return undefined;
  const complaints = answer.stderr.split('\n').filter((line) => /^[EW]: /.test(line));
  const evidence = complaints.slice(0, 4);
  if (tellsFullDisk(said))
    return diskFull({
      host: hostname(),
      doing: 'apt cannot keep the package lists',
      path: tmpdir(),
      said: undefined,
      evidence,
    });
  return new Fault({ ...complaint(said, component, asked), where: [`archive ${asked.address}`], evidence });
}

function complaint(said: string, component: string | undefined, { archive, address }: Asked): FaultAbout {
  const [series = ''] = archive.suites;
  const mirror = `novasphere bundle resolve --mirror ${archive.uri}=http://MIRROR/ubuntu          asks another one`;
  const look = `curl -I ${address}/dists/${series}/InRelease          what it answers`;
  const failed = (message: string, ...remedy: [string, ...string[]]) =>
    ({ code: 'FETCH-FAILED', message, remedy }) as const;
  if (component !== undefined) return failed(`the archive at ${address} has no “${component}” of ${series}`, mirror);
  if (/\b40[137]\b +(Unauthorized|Forbidden|Proxy)/i.test(said))
    return {
      code: 'FETCH-DENIED',
      message: `the archive at ${address}, or a proxy before it, wants to know who asks`,
      remedy: ['export http_proxy=http://USER:PASSWORD@PROXY:PORT          for a proxy', mirror],
    };
  if (/NO_PUBKEY|BADSIG|EXPKEYSIG|is not signed|GPG error/.test(said)) return unsigned(archive, address);
  if (/not valid yet|is expired/.test(said))
    return {
      ...failed(`the package lists of ${address} are not valid at the time of this machine`, clock, mirror),
      cause: 'its clock is wrong, or the mirror has stopped being updated',
    };
  if (/does not have a Release file/.test(said))
    return failed(`the archive at ${address} has no Ubuntu series ${series}`, look, mirror);
  return failed(`the package lists of ${series} cannot be had from ${address}`, look, mirror);
}

const clock = 'timedatectl          shows the clock and whether it is synchronised';

function unsigned({ keyring }: Archive, address: string): FaultAbout {
  return {
    code: 'KEY-INVALID',
    message: `no key in ${keyring} has signed the package lists of ${address}`,
    remedy: [
      'apt-get install --only-upgrade ubuntu-keyring          when the key of a new series is missing',
      `gpg --show-keys ${keyring}          which keys it holds`,
    ],
  };
}

/** The keyring is not there. */
export function keyringMissing(keyring: string, cause: unknown): Fault {
  return new Fault({
    code: 'KEY-INVALID',
    message: `there is no keyring ${keyring}, with which Ubuntu's package lists are checked`,
    cause,
    where: [`file ${keyring}`],
    remedy: [
      'apt-get install ubuntu-keyring          on Ubuntu and Debian',
      `scp UBUNTU:/usr/share/keyrings/ubuntu-archive-keyring.gpg ${keyring}          from a machine that has it`,
    ],
  });
}
