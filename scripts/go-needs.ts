import { $ } from 'zx';

const oldest = [1, 25] as const;

/** Undefined when Go is here and new enough to build `what`; else what is missing, as the end of a sentence. */
export async function lacksGo(what: string): Promise<string | undefined> {
  const go = await $({ nothrow: true, quiet: true })`go env GOVERSION`;
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(go.stdout) ?? [];
  const isNew = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
  if (go.exitCode === 0 && isNew) return undefined;
  const found = go.exitCode === 0 ? `, and this is ${go.stdout.trim()}` : '';
  return `needs Go ${oldest.join('.')} or newer to build ${what} once${found}: https://go.dev/doc/install`;
}
