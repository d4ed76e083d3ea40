import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunProgram } from '#ports/program';
import { inPlaces } from './in-places.ts';

/** A machine that recommends, pins, prefers and has installed other things than a node, and says so in its environment. */
export async function hostileMachine(directory: string): Promise<RunProgram> {
  const etc = join(directory, 'etc-apt');
  const dpkg = join(directory, 'dpkg');
  for (const folder of [join(etc, 'apt.conf.d'), dpkg]) await mkdir(folder, { recursive: true });
  await writeFile(join(etc, 'apt.conf.d/50site'), 'APT::Install-Recommends "true";\nAPT::Default-Release "nowhere";\n');
  await writeFile(join(etc, 'preferences'), 'Package: *\nPin: version *\nPin-Priority: -1\n');
  await writeFile(join(etc, 'sources.list'), 'deb [trusted=yes] http://192.0.2.1/debian nowhere main\n');
  const installed = 'Package: nfs-common\nStatus: install ok installed\nVersion: 9\nArchitecture: all\n';
  await writeFile(join(dpkg, 'status'), installed);
  await writeFile(join(dpkg, 'arch'), 'i386\namd64\n');
  const configuration = join(directory, 'hostile.conf');
  await writeFile(configuration, 'APT::Architecture "i386";\nAPT::Get::Simulate "true";\n');
  const run = inPlaces({ '/etc/apt': etc, '/var/lib/dpkg': dpkg });
  return (command, options) => run(command, { ...options, env: { APT_CONFIG: configuration, ...options?.env } });
}
