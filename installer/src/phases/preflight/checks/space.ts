import { Fault } from '#engine/fault';
import { formatSize } from '#profile/units';
import type { Check } from '../check.ts';
import { nearestDirectory } from '../nearest-directory.ts';

const gibibyte = 2 ** 30;
/** Image archives, the unpacked images and etcd take about 16 GiB together. */
const least = 16 * gibibyte;
const comfortable = 40 * gibibyte;
/** The kubelet begins to throw images away when less than this share is free. */
const share = 0.15;

/** Room for what k3s keeps. Once it is installed, only the kubelet's own limit counts. */
export const spaceEnough: Check = async ({ site, sight: { host } }) => {
  const { dataDir } = site.profile.cluster.k3s;
  const directory = await nearestDirectory(host, dataDir);
  const { stdout } = await host.ask(['df', '--output=avail,size', '-B1', directory]);
  const [free = 0, size = 0] = (stdout.trim().split('\n').at(-1) ?? '').trim().split(/\s+/).map(Number);
  if (size === 0) return [`how much room ${directory} has cannot be seen`];
  if ((await host.look(`${dataDir}/agent/containerd`)) !== undefined)
    return free / size < share ? [`only ${formatSize(free)} of ${formatSize(size)} are free for ${dataDir}`] : [];
  if (free >= comfortable) return [];
  if (free >= least) return [`${formatSize(free)} are free for ${dataDir}; 40 GiB leave room for upgrades`];
  return [
    new Fault({
      code: 'PREFLIGHT-DISK-SPACE',
      message: `only ${formatSize(free)} are free for ${dataDir}, at least 16 GiB are needed`,
      evidence: [`${directory} lies on a filesystem of ${formatSize(size)}`],
      remedy: ['make the system filesystem larger, or set cluster.k3s.dataDir to a directory on a larger disk'],
    }),
  ];
};
