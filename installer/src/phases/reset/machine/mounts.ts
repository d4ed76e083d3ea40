import type { HostSight } from '#ports/host';
import type { Part } from '../../verbs/host-part.ts';

/** Where k3s and its pods mount things (k3s-killall.sh). */
const places = ['/run/k3s/', '/var/lib/kubelet/'];
const namespaces = '/run/netns';

/** Mounts that k3s and its pods have left, the deepest first. */
export async function mountsOf(host: HostSight): Promise<readonly string[]> {
  const table = (await host.read('/proc/mounts')) ?? '';
  const paths = table.split('\n').map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '));
  return paths.filter((path) => places.some((place) => path.startsWith(place))).toReversed();
}

/** Nothing below may be removed while something is mounted there: it would be emptied. */
export const mountsGone: Part = {
  async changes({ host }) {
    const [mounts, spaces] = await Promise.all([mountsOf(host), networksOf(host)]);
    return [
      ...mounts.map((path) => ({ what: path, from: 'mounted', to: 'not mounted' })),
      ...spaces.map((name) => ({ what: `network namespace ${name}`, from: 'there', to: 'absent' })),
    ];
  },
  async make({ host }) {
    for (const path of await mountsOf(host)) await host.run(['umount', path]);
    for (const name of await networksOf(host)) await host.run(['ip', 'netns', 'delete', name]);
  },
};

async function networksOf(host: HostSight): Promise<readonly string[]> {
  return (await host.list(namespaces)).filter((name) => name.startsWith('cni-'));
}
