import { meaningOf } from '#diagnosis/signatures';
import { remediesOf } from '#diagnosis/signatures/signature';
import { Fault } from '#engine/fault';
import { type Change, type Gate, minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { hostOf } from '#profile/host-of';
import { type Part, stepOf } from '../verbs/host-part.ts';
import {
  binary,
  configFile,
  environmentFile,
  kubeletFile,
  registriesFile,
  resolverFile,
  tokenFile,
  unitFile,
  unitOf,
} from './k3s-site.ts';

const stamp = '/var/lib/novasphere/k3s-started-with';

/** k3s runs, and with what its files hold now: the digests that it was started with are kept. */
export function serviceStep(site: Site): Step {
  return stepOf({ id: 'k3s/service', title: 'Start k3s', gate: running(site) }, startedWith(site));
}

export function startedWith(site: Site): Part {
  const unit = unitOf(site);
  return {
    async changes({ host }): Promise<readonly Change[]> {
      const state = await stateOf(host, unit);
      if (!isRunning(state)) return [{ what: unit, from: state, to: 'running', restarts: 'k3s' }];
      const [before = '', now] = [await host.read(stamp), await fingerprint(site, host)];
      if (before === now) return [];
      const other = now.split('\n').filter((line) => line !== '' && !before.split('\n').includes(line));
      const names = other.map((line) => line.split(' ')[0]).join(', ');
      return [
        {
          what: unit,
          from: 'running with other settings',
          to: `restarted because of ${names || 'removed files'}`,
          restarts: 'k3s',
        },
      ];
    },
    async make({ host }) {
      const now = await fingerprint(site, host);
      // The gate waits and can say why; a unit that imports images needs minutes to say that it is ready.
      await host.run(['systemctl', 'restart', '--no-block', unit]);
      await host.write(stamp, now);
    },
  };
}

async function stateOf(host: HostSight, unit: string): Promise<string> {
  return (await host.ask(['systemctl', 'is-active', unit])).stdout.trim() || 'unknown';
}

function isRunning(state: string): boolean {
  return state === 'active' || state === 'activating' || state === 'reloading';
}

/** The kubelet finds hugepages only when it starts: their number belongs to what it was started with. */
async function fingerprint(site: Site, host: HostSight): Promise<string> {
  const files = [
    binary,
    configFile,
    tokenFile,
    registriesFile,
    resolverFile,
    kubeletFile(site),
    environmentFile(site),
    unitFile(site),
  ];
  const digests = await Promise.all(files.map((file) => host.digest(file)));
  const { hugepages } = hostOf(site.profile, site.node);
  const lines = files.flatMap((file, at) => (digests[at] === undefined ? [] : [`${file} ${digests[at]}`]));
  return [...lines, `hugepages ${hugepages['2Mi']} ${hugepages['1Gi']}`, ''].join('\n');
}

export function running(site: Site): Gate {
  const unit = unitOf(site);
  return {
    title: `${unit} to be active`,
    soft: 3 * minute,
    hard: 20 * minute,
    every: 2 * second,
    async check({ host }) {
      const state = await stateOf(host, unit);
      if (state === 'active') return { ready: true, evidence: [`${unit} is active`] };
      if (state !== 'failed') return { ready: false, because: `${unit} is ${state}: it imports images and starts` };
      return { ready: false, because: `${unit} has failed`, hopeless: await ended(unit, host) };
    },
    explain: ({ host }) => ended(unit, host),
  };
}

/** The last words of k3s, and what they mean where that is known. */
async function ended(unit: string, host: HostSight): Promise<Fault> {
  const { stdout } = await host.ask(['journalctl', '--no-pager', '--unit', unit, '--lines', '40']);
  const lines = stdout.split('\n').filter(Boolean);
  const telling = lines.filter((line) => /level=(error|fatal)|\bE\d{4}\b|failed|fatal/i.test(line));
  const known = meaningOf(lines.join('\n'));
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: `${unit} does not start`,
    ...(known === undefined ? {} : { cause: known.cause }),
    evidence: (telling.length > 0 ? telling : lines).slice(-5),
    remedy: [
      known === undefined
        ? `journalctl --no-pager --unit ${unit} --lines 100`
        : remediesOf(known, { node: host.name })[0],
      'then run the same command again',
    ],
  });
}
