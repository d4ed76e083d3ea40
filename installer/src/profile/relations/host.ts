/** Settings of the operating system, for the site and where a node differs. */
import { closest } from '#engine/closest';
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';
import { formatSize } from '../units.ts';
import { type HostPart, ownedSettings } from './owned-settings.ts';

export function timezoneIsKnown(look: Look): void {
  for (const [path, { timezone }] of hosts(look)) {
    if (timezone === undefined || isTimezone(timezone)) continue;
    const near = closest(timezone, Intl.supportedValuesOf('timeZone'));
    look.say([...path, 'timezone'], {
      message: `there is no time zone ${timezone}`,
      right: near === undefined ? 'timedatectl list-timezones lists them' : `did you mean ${near}?`,
    });
  }
}

/** The list is ten times as quick as a formatter, but it lacks UTC and the older names of some zones. */
function isTimezone(name: string): boolean {
  if (name === 'Etc/UTC' || name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name)) return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export function usersCanLogIn(look: Look): void {
  for (const [path, { users = [] }] of hosts(look)) {
    for (const [index, user] of users.entries()) {
      if (user.passwordHash !== undefined || user.authorizedKeys.length > 0) continue;
      const base = [...path, 'users', index];
      look.say([...base, 'name'], {
        message: `${user.name} has neither a password nor a key and could never log in`,
        right: 'add authorizedKeys: [ssh-ed25519 …] or passwordHash: {fromFile: …}',
        others: [
          [...base, 'passwordHash'],
          [...base, 'authorizedKeys'],
        ],
      });
    }
  }
}

const most = 16 * 2 ** 40;

export function hugepagesAreSane(look: Look): void {
  for (const [path, { hugepages }] of hosts(look)) {
    if (hugepages === undefined) continue;
    const sum = hugepages['2Mi'] * 2 ** 21 + hugepages['1Gi'] * 2 ** 30;
    if (sum <= most) continue;
    look.say([...path, 'hugepages'], {
      message: `these hugepages are ${formatSize(sum)} of memory; the most that makes sense is ${formatSize(most)}`,
      right: 'the numbers count pages, not bytes: 2Mi: 1024 is 2 GiB',
    });
  }
}

export function cpusAreReserved(look: Look): void {
  for (const [path, { cpuManager }] of hosts(look)) {
    if (cpuManager === undefined) continue;
    const { policy, reserved } = cpuManager;
    const base = [...path, 'cpuManager'];
    if (policy === 'static' && reserved === undefined)
      look.say(base, {
        message: '“reserved” is missing: with policy static the system needs CPUs of its own',
        right: 'add reserved: 0-1',
        others: [[...base, 'reserved']],
      });
    const wrong = reserved === undefined ? undefined : wrongList(reserved);
    if (wrong !== undefined) look.say([...base, 'reserved'], wrong);
  }
}

function wrongList(text: string): { message: string; right: string } | undefined {
  const seen = new Set<number>();
  for (const range of text.split(',')) {
    const [from = 0, to = from] = range.split('-').map(Number);
    if (from > to) return { message: `the range ${range} runs backwards`, right: `write ${to}-${from}` };
    if (to > 8191)
      return { message: `there is no machine with a CPU ${to}`, right: 'write a list of CPUs such as 0-1 or 0,4-7' };
    for (let cpu = from; cpu <= to; cpu += 1) {
      if (seen.has(cpu)) return { message: `CPU ${cpu} is listed twice`, right: 'list each CPU once' };
      seen.add(cpu);
    }
  }
  return undefined;
}

export function settingsAreFree(look: Look): void {
  for (const [path, { sysctl = {} }] of hosts(look)) {
    for (const name of Object.keys(sysctl)) {
      const reason = ownedSettings[name.replaceAll('/', '.')];
      if (reason === undefined) continue;
      look.say([...path, 'sysctl', name], {
        message: `${name} is set by Novasphere itself: ${reason}`,
        right: 'leave it out',
      });
    }
  }
}

/** The settings of the site, and those of each node that has its own. */
function hosts({ profile }: Look): readonly (readonly [Path, HostPart])[] {
  const own = profile.nodes.flatMap(({ host }, index) =>
    host === undefined ? [] : [[['nodes', index, 'host'], host] as const],
  );
  return [[['host'], profile.host], ...own];
}
