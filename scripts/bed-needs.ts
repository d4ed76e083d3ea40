import { $ } from 'zx';
import { areBuilt } from '../test/testbed/binaries.ts';
import { lacksGo } from './go-needs.ts';

/** Undefined when this machine can carry a test bed; else what it needs, as the end of a sentence. */
export async function lacksForBed(): Promise<string | undefined> {
  const root = await $({ nothrow: true, quiet: true })`unshare --net --pid --fork true`;
  if (root.exitCode !== 0) return 'needs namespaces of its own: run it as root';
  return (await areBuilt('control plane')) ? undefined : lacksGo('a control plane');
}

/** Undefined when this machine can run a registry; else what it needs, as the end of a sentence. */
export async function lacksForRegistry(): Promise<string | undefined> {
  return (await areBuilt('registry')) ? undefined : lacksGo('a registry');
}
