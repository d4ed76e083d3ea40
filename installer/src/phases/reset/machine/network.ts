import type { Json } from '#kube/json';
import type { HostSight } from '#ports/host';
import type { Question } from '#ports/question';
import type { Part } from '../../verbs/host-part.ts';

const links = /^(cni0|flannel\.1|flannel-v6\.1|flannel-wg|flannel-wg-v6|kube-ipvs0|nodelocaldns)$/;
const rules = /KUBE-|CNI-|FLANNEL|flannel/;
const families = [
  ['iptables-save', 'iptables-restore'],
  ['ip6tables-save', 'ip6tables-restore'],
] as const;

/** Links of the pod network (k3s-killall.sh). */
export const linksGone: Part = {
  changes: async ({ host }) =>
    (await linksOf(host)).map((name) => ({ what: `network interface ${name}`, from: 'there', to: 'absent' })),
  async make({ host }) {
    for (const name of await linksOf(host)) {
      // The two ends of a cable go together, and a bridge is looked at anew after its ports.
      if ((await linksOf(host)).includes(name)) await host.run(['ip', 'link', 'delete', name]);
    }
  },
};

async function linksOf(host: HostSight): Promise<readonly string[]> {
  const { exitCode, stdout } = await host.ask(['ip', '-j', 'address']);
  const all: readonly Json[] = exitCode === 0 && stdout !== '' ? JSON.parse(stdout) : [];
  const ports = all.filter(({ master }) => master === 'cni0').map(({ ifname }) => ifname);
  return [...ports, ...all.map(({ ifname }) => ifname).filter((name) => links.test(name))];
}

/** Rules of Services and pods would go on to send traffic to where nobody is. */
export const rulesGone: Part = {
  async changes({ host }) {
    const found = await Promise.all(
      families.map(async ([save]) => ({ save, count: (await rulesOf(host, save)).length })),
    );
    return found
      .filter(({ count }) => count > 0)
      .map(({ save, count }) => ({
        what: `${save.replace('-save', '')} rules of the cluster`,
        from: `${count}`,
        to: '0',
      }));
  },
  async make({ host }) {
    for (const [save, restore] of families) {
      if ((await rulesOf(host, save)).length === 0) continue;
      const { stdout } = await host.ask([save] as Question);
      const kept = stdout.split('\n').filter((line) => !rules.test(line));
      await host.run([restore], { input: `${kept.join('\n')}\n` });
    }
  },
};

/** A machine without the program has no such rules that it could show. */
async function rulesOf(host: HostSight, save: string): Promise<readonly string[]> {
  const { exitCode, stdout } = await host.ask([save] as unknown as Question);
  return exitCode === 0 ? stdout.split('\n').filter((line) => rules.test(line)) : [];
}
