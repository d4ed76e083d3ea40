import { dirname } from 'node:path/posix';
import { Fault } from '#engine/fault';
import type { HostSight } from '#ports/host';
import type { Stage } from '#ports/world';
import type { Part } from './host-part.ts';

const place = '/var/lib/novasphere/apt';
const list = `${place}/bundle.list`;

/**
 * Only the bundle counts as a source: a machine without the internet must not wait for mirrors, and apt would fetch the
 * mirror's copy of a version that both have. Lists of our own leave those of the mirrors as they are, and do not wait
 * for the timer that updates them; nothing stays behind that a later `apt-get update` would look for in vain. Pins and
 * a default release are about mirrors, and would hide the bundle. The bundle may lie where only root may look.
 */
const fromBundle = [
  `Dir::Etc::SourceList=${list}`,
  'Dir::Etc::SourceParts=/dev/null',
  'Dir::Etc::Preferences=/dev/null',
  'Dir::Etc::PreferencesParts=/dev/null',
  `Dir::State=${place}`,
  'Dir::State::Status=/var/lib/dpkg/status',
  'Dir::State::Extended_States=/var/lib/apt/extended_states',
  'APT::Default-Release=',
  'APT::Sandbox::User=root',
  'DPkg::Lock::Timeout=300',
].flatMap((option) => ['-o', option]);
const unattended = [
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-q',
  '-y',
  '--no-install-recommends',
] as const;

/** Debian packages, installed from the apt repository in the bundle's `debs/`. */
export function packagesInstalled(names: readonly string[]): Part {
  return {
    async changes({ host }) {
      const states = await packageStates(host, names);
      return [...states]
        .filter(([, state]) => state !== 'installed')
        .map(([name, state]) => ({ what: `package ${name}`, from: state, to: 'installed' }));
    },
    async make(stage) {
      const states = await packageStates(stage.host, names);
      const missing = [...states].filter(([, state]) => state !== 'installed').map(([name]) => name);
      const source = await debs(stage, missing);
      // An address: the folder of a stick may have a blank in its name.
      await stage.host.write(list, `deb [trusted=yes] file:${encodeURI(source)} ./\n`);
      // A power cut leaves packages half set up, also such as are nobody's wish but another's need.
      await stage.host.run(['dpkg', '--configure', '-a']);
      await stage.host.run(['apt-get', ...fromBundle, '-q', 'update']);
      await stage.host.run(['apt-get', ...fromBundle, ...unattended, 'install', ...missing]);
    },
  };
}

/** dpkg's word for the state of each package; `not-installed` when dpkg has never heard of it. */
export async function packageStates(host: HostSight, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  // Without ${Architecture}: a package that is there for two architectures answers twice, the last line counts.
  const { stdout } = await host.ask(['dpkg-query', '-W', '-f=${Package} ${db:Status-Status}\\n', ...names]);
  const states = new Map(names.map((name) => [name, 'not-installed']));
  for (const line of stdout.split('\n')) {
    const [name, state] = line.split(' ');
    if (name !== undefined && state !== undefined && states.has(name)) states.set(name, state);
  }
  return states;
}

async function debs({ bundle }: Stage, missing: readonly string[]): Promise<string> {
  try {
    return dirname((await bundle.file('debs/Packages')).source);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw new Fault({
      code: 'BUNDLE-FILE-MISSING',
      message: `${missing.length} package${missing.length === 1 ? ' is' : 's are'} missing and the bundle brings none`,
      cause,
      where: [`bundle ${bundle.place}`],
      evidence: missing,
      remedy: [`apt-get install -y ${missing.join(' ')}`, 'or use a bundle that holds debs/'],
    });
  }
}
