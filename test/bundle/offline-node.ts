import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installedStatus } from '#bundle/packages/installed-status';
import { hostPackages } from '#catalog/host-packages';
import { packagesInstalled } from '#phases/verbs/host-packages';
import { stepOf } from '#phases/verbs/host-part';
import type { Host } from '#ports/host';
import type { Stage } from '#ports/world';
import { inPlaces } from './in-places.ts';
import { mediumOf, type PackagesWorld } from './packages-world.ts';

/** A node as its medium has left it, on which the installer's own step runs with the machine's real apt and dpkg. */
export interface OfflineNode {
  readonly directory: string;
  /** What apt has said. */
  readonly said: string;
  /** Installs from a bundle, with `how` added to apt's words: nothing is really unpacked on the machine of the test. */
  install(bundle: string, how: '--simulate' | '--download-only'): Promise<void>;
}

const folders = [
  'etc/apt/apt.conf.d',
  'etc/apt/preferences.d',
  'etc/apt/sources.list.d',
  'var/cache/archives/partial',
  'var/lib/apt/lists/partial',
  'var/lib/dpkg/info',
  'var/lib/dpkg/updates',
];

/** The mirror in its sources is out of reach, it prefers a release of it, and a pin forbids all else; it keeps its lists packed. */
export async function offlineNode(world: PackagesWorld, directory: string): Promise<OfflineNode> {
  for (const folder of folders) await mkdir(join(directory, folder), { recursive: true });
  const { installed } = await mediumOf(join(directory, 'medium'), world.manifest);
  const known = await world.stanzas([...installed.keys(), ...hostPackages]);
  const put = (path: string, text: string) => writeFile(join(directory, path), text);
  await put('var/lib/dpkg/status', installedStatus(installed, known, 'amd64'));
  const mirror = 'deb [trusted=yes] http://192.0.2.1/ubuntu noble main\n';
  for (const list of ['sources.list', 'sources.list.d/site.list']) await put(`etc/apt/${list}`, mirror);
  await put('etc/apt/apt.conf.d/50site', 'APT::Default-Release "noble";\nAcquire::GzipIndexes "true";\n');
  const pin = 'Package: *\nPin: origin ""\nPin-Priority: -1\n';
  for (const file of ['preferences', 'preferences.d/site']) await put(`etc/apt/${file}`, pin);
  await put('var/lib/apt/lists/archive_Packages', '');
  const places = {
    '/etc/apt': join(directory, 'etc/apt'),
    '/var/lib': join(directory, 'var/lib'),
    '/var/cache/apt': join(directory, 'var/cache'),
  };
  const run = inPlaces(places, { offline: true });
  let said = '';
  const host = (how: string): Partial<Host> => ({
    ask: (question) => run(question),
    async write(path, text) {
      await mkdir(join(directory, path, '..'), { recursive: true });
      await put(path, text);
    },
    async run(command) {
      const { exitCode, stdout, stderr } = await run(command.includes('install') ? [...command, how] : command);
      said += stdout + stderr;
      if (exitCode !== 0) throw new Error(stderr);
      return stdout;
    },
  });
  return {
    directory,
    get said() {
      return said;
    },
    async install(bundle, how) {
      const step = stepOf({ id: 'host/packages', title: 'Install packages' }, packagesInstalled(hostPackages));
      const stage = { host: host(how), bundle: { file: async () => ({ source: join(bundle, 'debs/Packages') }) } };
      await step.apply(stage as unknown as Stage, {
        changes: [],
        signal: new AbortController().signal,
        waitFor: async () => [],
      });
    },
  };
}
