import { Fault } from '#engine/fault';
import type { Finding, Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { blocked, finding } from '../verbs/finding.ts';
import { nearestDirectory } from './nearest-directory.ts';

const record = '/var/lib/novasphere/fsync.json';
const bootId = '/proc/sys/kernel/random/boot_id';
/** etcd.io, hardware: 99 % of the writes to its log should be on the disk within 10 ms. */
const good = 10;
const bearable = 50;

interface Measurement {
  readonly dataDir: string;
  readonly boot: string;
  readonly p99Milliseconds: number;
}

/** Measures once how long the disk under etcd takes to make a write safe; the only check that has to write. */
export function diskSpeedStep({ profile, self = ['novasphere'] }: Site): Step {
  const { dataDir } = profile.cluster.k3s;
  return {
    id: 'preflight/disk-speed',
    title: 'Measure how fast the disk makes writes safe',
    async probe({ host }) {
      const known = await measured(host);
      if (known?.dataDir !== dataDir) return measure(dataDir);
      if (known.p99Milliseconds <= bearable) return finding([], slowness(known));
      const isNews = known.boot === (await host.read(bootId))?.trim();
      return isNews ? blocked(tooSlow(known)) : measure(dataDir);
    },
    async apply({ host }) {
      const said = await host.run([...self, 'measure-fsync', await nearestDirectory(host, dataDir)]);
      const { p99Milliseconds } = JSON.parse(said) as Pick<Measurement, 'p99Milliseconds'>;
      const boot = (await host.read(bootId))?.trim() ?? '';
      await host.write(record, `${JSON.stringify({ dataDir, boot, p99Milliseconds } satisfies Measurement)}\n`);
    },
  };
}

async function measured(host: HostSight): Promise<Measurement | undefined> {
  const text = await host.read(record);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Measurement);
  } catch {
    return undefined;
  }
}

function measure(dataDir: string): Finding {
  return finding([{ what: `speed of the disk under ${dataDir}`, from: 'unknown', to: 'measured' }]);
}

function slowness({ p99Milliseconds: p99 }: Measurement): readonly string[] {
  return p99 <= good ? [] : [`1 % of writes take more than ${p99} ms to be safe; etcd wants them within ${good} ms`];
}

function tooSlow({ dataDir, p99Milliseconds: p99 }: Measurement): Fault {
  return new Fault({
    code: 'PREFLIGHT-DISK-SLOW',
    message: `1 % of writes to the disk under ${dataDir} take more than ${p99} ms to be safe, at most ${bearable} ms are bearable`,
    cause: 'etcd loses its leader over and over on such a disk, and the API server with it',
    remedy: [
      'set cluster.k3s.dataDir to a directory on an SSD or NVMe disk',
      `rm ${record}          and run again, when something else was writing meanwhile`,
    ],
  });
}
