import { Fault } from '#engine/fault';
import { type Gate, minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { render } from '#render/render';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';
import { unitEnabled } from '../verbs/host-unit.ts';

const unit = 'chrony.service';

/**
 * Time from the profile's servers, before the first certificate is made. Where the profile names none, the machine's
 * own clock is trusted: in a plant without any server there is nothing to wait for.
 */
export function timeSyncStep({ profile, node }: Site): Step {
  const { servers } = hostOf(profile, node).ntp;
  return stepOf(
    {
      id: 'host/time-sync',
      title: 'Synchronize the clock',
      ...(servers.length === 0 ? {} : { gate: synchronized(servers) }),
    },
    fileWith('/etc/chrony/chrony.conf', render('chrony.conf', { servers }), {
      after: [['systemctl', 'restart', unit]],
    }),
    unitEnabled(unit),
  );
}

function synchronized(servers: readonly string[]): Gate {
  return {
    title: 'the clock to be synchronized',
    soft: 30 * second,
    hard: 3 * minute,
    async check({ host }) {
      const { stdout } = await host.ask(['timedatectl', 'show', '--property=NTPSynchronized', '--value']);
      if (stdout.trim() === 'yes') return { ready: true, evidence: [`synchronized with ${servers.join(', ')}`] };
      return { ready: false, because: `chrony has not synchronized with ${servers.join(', ')} yet` };
    },
    async explain({ host }) {
      const { stdout } = await host.ask(['chronyc', 'tracking']);
      return new Fault({
        code: 'PREFLIGHT-CLOCK',
        message: `none of the time servers of the profile answers: ${servers.join(', ')}`,
        evidence: stdout.split('\n').filter((line) => /^(Reference ID|Stratum|Leap status)/.test(line)),
        remedy: ['chronyc sources -v', 'or leave host.ntp.servers empty, to trust the clock of the machine'],
      });
    },
  };
}
