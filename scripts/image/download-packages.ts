import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fields } from './debian-packages.ts';
import type { Elf } from './elf.ts';
import { Refusal } from './refusal.ts';

/**
 * Asks the package sources of this machine, whose signatures apt verifies, for the packages that bring the shared
 * libraries of Node.js; with lists of its own, so that any architecture will do and nothing of the machine is changed.
 */
export function downloadPackages(architecture: Elf['architecture'], debs: string, scratch: string): void {
  const state = join(scratch, 'apt');
  for (const folder of ['lists/partial', 'archives/partial']) mkdirSync(join(state, folder), { recursive: true });
  mkdirSync(debs, { recursive: true });
  const options = {
    'Dir::State': state,
    'Dir::State::Lists': join(state, 'lists'),
    'Dir::State::Status': '/dev/null',
    'Dir::Cache': state,
    'Dir::Cache::Archives': join(state, 'archives'),
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  apt([...words, 'update'], debs);
  apt([...words, 'download', 'libc6', 'libgcc-s1', 'libstdc++6'], debs);
  const gcc = readdirSync(debs).find((name) => name.startsWith('libgcc-s1_')) ?? '';
  const [depends = ''] = fields(join(debs, gcc), 'Depends');
  const licence = /\bgcc-\d+-base\b/.exec(depends)?.[0];
  if (licence !== undefined) apt([...words, 'download', licence], debs);
}

function apt(words: readonly string[], cwd: string): void {
  try {
    execFileSync('apt-get', ['-q', ...words], { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    const why = stderr?.split('\n').find((line) => line.startsWith('E:')) ?? String(error);
    throw new Refusal(`the packages could not be downloaded; name a folder that holds them with --libraries (${why})`);
  }
}
