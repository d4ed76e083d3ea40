import { isSynchronized } from '../clock-sync.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import { isActive } from '../systemd.ts';
import { type Call, operands, option, refused, said, type Teaching } from './teaching.ts';

export const clockCommands: readonly Teaching[] = [
  { command: ['date', '+%s'], answer: ({ machine }) => said(String(Math.floor(machine.clock.now() / 1000))) },
  { command: ['timedatectl', 'show'], answer: show },
  { command: ['timedatectl', 'set-timezone'], takes: 200, act: setTimezone },
  {
    command: ['chronyc', 'tracking'],
    there: (machine) => machine.packages.get('chrony')?.status === 'installed',
    answer: ({ machine }) => tracking(machine),
  },
];

function show({ machine, words }: Call) {
  const values: Readonly<Record<string, string>> = {
    Timezone: machine.timezone,
    LocalRTC: 'no',
    CanNTP: 'yes',
    NTP: isActive(machine, 'chrony') || isActive(machine, 'systemd-timesyncd') ? 'yes' : 'no',
    NTPSynchronized: isSynchronized(machine) ? 'yes' : 'no',
  };
  const keys = option(words, '--property')?.split(',') ?? Object.keys(values);
  return said(...keys.map((key) => (words.includes('--value') ? (values[key] ?? '') : `${key}=${values[key] ?? ''}`)));
}

function setTimezone({ machine, words }: Call) {
  const zone = operands(words)[0] ?? '';
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    return refused(1, `Failed to set time zone: Invalid or not installed time zone '${zone}'`);
  }
  machine.timezone = zone;
  machine.files.link('/etc/localtime', `/usr/share/zoneinfo/${zone}`);
  machine.files.put('/etc/timezone', `${zone}\n`);
  return said();
}

function tracking(machine: SimulatedMachine) {
  if (!isActive(machine, 'chrony')) return refused(1, '506 Cannot talk to daemon');
  if (isSynchronized(machine))
    return said('Reference ID    : C0000201 (192.0.2.1)', 'Stratum         : 3', 'Leap status     : Normal');
  return said('Reference ID    : 00000000 ()', 'Stratum         : 0', 'Leap status     : Not synchronised');
}
