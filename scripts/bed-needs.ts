import { $ } from 'zx';
import { areBuilt } from '../test/testbed/binaries.ts';

const oldest = [1, 25] as const;

/** Undefined when this machine can carry a test bed; else what it needs, as the end of a sentence. */
export async function lacksForBed(): Promise<string | undefined> {
  const root = await $({ nothrow: true, quiet: true })`unshare --net --pid --fork true`;
  if (root.exitCode !== 0) return 'needs namespaces of its own: run it as root';
  if (await areBuilt()) return undefined;
  const go = await $({ nothrow: true, quiet: true })`go env GOVERSION`;
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(go.stdout) ?? [];
  const isNew = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
  if (go.exitCode === 0 && isNew) return undefined;
  const found = go.exitCode === 0 ? `, and this is ${go.stdout.trim()}` : '';
  return `needs Go ${oldest.join('.')} or newer to build a control plane once${found}: https://go.dev/doc/install`;
}
