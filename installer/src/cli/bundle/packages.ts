import { runProgram } from '#adapters/local-program';
import type { Mirrors } from '#bundle/fetch/mirrors';
import type { Archive } from '#bundle/packages/archive';
import { readBaseMedium } from '#bundle/packages/base-medium';
import { closePackages } from '#bundle/packages/package-closure';
import { hostPackages } from '#catalog/host-packages';
import type { Lock, PackageSet } from '#catalog/lock';
import { isForSame } from '#catalog/locked';
import { Fault } from '#engine/fault';
import type { Call } from '../call.ts';

/** The lock with the packages that each medium of `--base` lacks; the sets of other series stay as they were. */
export async function withPackages(lock: Lock, call: Call, mirrors: Mirrors, signal: AbortSignal): Promise<Lock> {
  const { options, terminal } = call;
  const archive = archiveOf(call);
  let { packages } = lock;
  for (const place of options.texts('base')) {
    const medium = await readBaseMedium(place, runProgram, signal);
    terminal.tell(`packages  Ubuntu ${medium.release} (${medium.series}) for ${medium.architecture} …\n`);
    const set = await closePackages({
      medium,
      names: hostPackages,
      mirroredUrl: mirrors.mirroredUrl,
      run: runProgram,
      signal,
      ...(archive === undefined ? {} : { archive }),
    });
    packages = [...packages.filter((one) => !isForSame(one, set)), set].toSorted(bySeries);
  }
  return { ...lock, packages };
}

function bySeries(one: PackageSet, other: PackageSet): number {
  return `${one.series} ${one.architecture}` < `${other.series} ${other.architecture}` ? -1 : 1;
}

/** `--apt-source "URI SUITE,SUITE COMPONENT,COMPONENT"`; undefined: the archive of Ubuntu. */
function archiveOf({ options }: Call): Archive | undefined {
  const [line, keyring] = [options.text('aptSource'), options.text('aptKeyring')];
  if (line === undefined && keyring === undefined) return undefined;
  const [uri, suites, components] = (line ?? '').trim().split(/\s+/);
  if (uri !== undefined && suites !== undefined && components !== undefined && keyring !== undefined)
    return { uri, suites: suites.split(','), components: components.split(','), keyring };
  throw new Fault({
    code: 'USAGE',
    message: 'another source of packages needs an address, suites, components and the keys that sign them',
    remedy: [
      '--apt-source "http://mirror.example/ubuntu noble,noble-updates main,universe" --apt-keyring /usr/share/keyrings/ubuntu-archive-keyring.gpg',
    ],
  });
}
