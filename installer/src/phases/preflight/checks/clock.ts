import { Fault } from '#engine/fault';
import { formatSpan } from '#engine/span';
import { hostOf } from '#profile/host-of';
import type { Check } from '../check.ts';

/** This release did not exist before; a clock that says so has lost its battery. */
const notBefore = Date.UTC(2026, 7, 1);
const tolerated = 5 * 60_000;

/** Certificates are made with this clock: one that is wrong now makes them invalid later. */
export const clockSane: Check = async ({ site, sight, facts }) => {
  const [date, touched] = await Promise.all([
    sight.host.ask(['date', '+%s']),
    sight.host.ask(['stat', '-c', '%Y', '/var/lib/dpkg/status']),
  ]);
  const now = Number(date.stdout) * 1000;
  if (now < notBefore) return [wrong(`the clock says ${day(now)}, before this release was made`)];
  const ahead = Number(touched.stdout) * 1000 - now;
  if (ahead > tolerated)
    return [wrong(`the clock says ${day(now)}, but packages were last installed on ${day(now + ahead)}`)];
  const apart = Math.abs(now - sight.now());
  if (apart > tolerated) return [wrong(`the clock is ${formatSpan(apart)} away from the clock of the installer`)];
  if (facts.clock.synchronized) return [];
  const { servers } = hostOf(site.profile, site.node).ntp;
  const then = servers.length > 0 ? `${servers.join(', ')} will be asked` : 'host.ntp.servers names none to ask';
  return [`the clock is not synchronized yet; ${then}`];
};

function wrong(message: string): Fault {
  return new Fault({
    code: 'PREFLIGHT-CLOCK',
    message,
    cause: 'certificates made with a wrong clock are refused once it is right',
    remedy: [
      "date --set 'YYYY-MM-DD hh:mm:ss' && hwclock --systohc          sets the clock, also the one on the mainboard",
      'change the battery of the mainboard          where the clock falls back at every start',
    ],
  });
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
