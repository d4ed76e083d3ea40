import type { Shell } from 'zx';
import { lacksForBed, lacksForRegistry } from './bed-needs.ts';

/** A group of tests and what the machine must have for it. Each is a project of vitest.config.ts. */
export interface Tier {
  readonly name: 'fast' | 'rehearsal' | 'process' | 'terminal' | 'browser' | 'bundle' | 'bed';
  readonly about: string;
  /** Commands that must be there, and the Debian package that brings each. */
  readonly needs: Readonly<Record<string, string>>;
  /** What else it needs and no package brings; the end of a sentence, or undefined when all is there. */
  readonly lacks?: () => Promise<string | undefined>;
}

export const tiers: readonly Tier[] = [
  { name: 'fast', about: 'units, golden files, contracts: nothing outside Node', needs: {} },
  { name: 'rehearsal', about: 'whole sites on simulated machines: every mishap, law, upgrade and reset', needs: {} },
  {
    name: 'process',
    about: 'the command line and the operator as whole processes, with signals and bad days',
    needs: {},
  },
  { name: 'terminal', about: 'the screens, in a real terminal of 80 columns', needs: { tmux: 'tmux' } },
  { name: 'browser', about: 'the HTML report, in a real browser without network', needs: { chromium: 'chromium' } },
  {
    name: 'bundle',
    about: 'registries, packages and signatures of the real programs',
    needs: {
      skopeo: 'skopeo',
      minisign: 'minisign',
      runc: 'runc',
      containerd: 'containerd',
      setpriv: 'util-linux',
      zstd: 'zstd',
      xorriso: 'xorriso',
      xz: 'xz-utils',
      'dpkg-deb': 'dpkg',
      'dpkg-scanpackages': 'dpkg-dev',
      'apt-get': 'apt',
    },
    lacks: lacksForRegistry,
  },
  {
    name: 'bed',
    about: 'a real Kubernetes control plane: phases, contract, explanations, upgrades',
    needs: { unshare: 'util-linux', ip: 'iproute2', openssl: 'openssl' },
    lacks: lacksForBed,
  },
];

/** Undefined once everything is there; else the sentence that says what is missing and how to get it. */
export async function missingFor(tier: Tier, $: Shell): Promise<string | undefined> {
  const lacking = async () => {
    const found = await Promise.all(
      Object.keys(tier.needs).map(async (command) => ({ command, result: await $`command -v ${command}` })),
    );
    return found.filter(({ result }) => result.exitCode !== 0).map(({ command }) => tier.needs[command] as string);
  };
  const packages = await lacking();
  if (packages.length === 0) return tier.lacks?.();
  const install = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const mayInstall = process.getuid?.() === 0 && (await $`command -v apt-get`).exitCode === 0;
  if (!mayInstall) return `needs ${packages.join(', ')}; as root:  ${install}`;
  console.log(`the ${tier.name} tier needs ${packages.join(', ')}: installing …`);
  const installed = await $({ env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })`bash -c ${install}`;
  if (installed.exitCode === 0 && (await lacking()).length === 0) return tier.lacks?.();
  return `could not install ${packages.join(', ')}: ${installed.stderr.trim().split('\n').at(-1) ?? ''}`;
}
