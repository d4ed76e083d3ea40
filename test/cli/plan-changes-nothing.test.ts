import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stage } from '../fixtures/rehearsed.ts';
import { launch, root } from './novasphere.ts';

/** Everything that an installation writes to, and where a careless command would leave something. */
const places: readonly { readonly path: string; readonly depth: number; readonly without?: readonly string[] }[] = [
  { path: '/etc', depth: 9 },
  { path: '/opt', depth: 3 },
  { path: '/usr/local/bin', depth: 2 },
  { path: '/usr/local/lib', depth: 2 },
  { path: '/usr/lib/systemd/system', depth: 2 },
  { path: '/var/lib', depth: 2 },
  { path: '/var/lib/novasphere', depth: 9 },
  { path: '/var/lib/rancher', depth: 4 },
  { path: '/var/log', depth: 1 },
  { path: '/boot', depth: 3 },
  { path: '/root', depth: 1 },
  { path: '/home', depth: 2 },
  { path: '/mnt', depth: 2 },
  { path: '/run', depth: 1 },
  // Compiled code is kept in node_modules/.cache; git and editors write beside us.
  { path: root, depth: 9, without: ['node_modules', '.git'] },
];

/** What the kernel has loaded, mounted and swapped in. */
const kernel = ['/proc/modules', '/proc/mounts', '/proc/swaps', '/proc/cmdline', '/proc/sys/vm/nr_hugepages'];

function picture(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, depth, without = [] } of places) look(path, depth, new Set(without), found);
  for (const path of kernel) found.set(path, read(path) ?? 'absent');
  return found;
}

function look(path: string, depth: number, without: ReadonlySet<string>, found: Map<string, string>): void {
  if (depth < 0) return;
  for (const one of entries(path)) {
    if (without.has(one.name)) continue;
    const below = join(path, one.name);
    found.set(below, traits(below));
    if (one.isDirectory()) look(below, depth - 1, without, found);
  }
}

function entries(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Mode, time of the last change and content of a file; what disappears while it is looked at is gone. */
function traits(path: string): string {
  try {
    const { mode, mtimeMs, size, uid } = lstatSync(path);
    const isFile = (mode & 0o170000) === 0o100000;
    const isLink = (mode & 0o170000) === 0o120000;
    const content = isLink ? readlinkSync(path) : isFile && size < 100_000 ? digest(path) : '';
    return `${mode.toString(8)} ${uid} ${size} ${mtimeMs} ${content}`;
  } catch {
    return 'gone';
  }
}

function digest(path: string): string {
  const text = read(path);
  return text === undefined ? 'unreadable' : createHash('sha256').update(text).digest('hex');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}

describe('a plan for a machine that is not prepared', () => {
  it('lists what it would change in every phase, and changes nothing', async () => {
    const { plan } = await stage('lab-vm');
    const titles = new Set(plan.units.filter(({ phase }) => phase.steps.length > 0).map(({ phase }) => phase.title));
    const before = picture();

    const { exitCode, out, err } = await launch(['plan', 'profiles/lab-vm.yaml']).ended;

    expect(difference(before, picture())).toEqual([]);
    // 1 where the machine itself is in the way: then its screen says so.
    expect(exitCode, err).toBe(out.includes('✖ Check the machine') ? 1 : 0);
    // Preflight and its like look and never change.
    const listed = [...titles].filter((title) => title !== 'Preflight');
    expect(listed.filter((title) => !out.includes(`\n${title}\n`) && !out.startsWith(`${title}\n`))).toEqual([]);
    expect(listed).toHaveLength(10);
    expect(out).toMatch(/\nin all {6}\d+ changes in \d+ steps of \d+\n/);
    expect(out).toMatch(/\ndestroys {4}nothing\n/);
  });
});
