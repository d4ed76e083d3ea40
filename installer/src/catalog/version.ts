/** A version as the components write it: `v1.35.8+k3s1`, `v1.12.1`, `0.1.0`. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** What is counted after the patch: 1 of `+k3s1`. */
  readonly build: number;
}

/** Undefined for what is no version: `snapshot`, a digest, the made-up version of a made-up kubelet. */
export function versionOf(text: string | undefined): Version | undefined {
  const [, major, minor, patch, build] = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+]k3s(\d+))?/.exec(text ?? '') ?? [];
  if (major === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), build: Number(build ?? 0) };
}

/** Below 0 when the first one is older, above 0 when it is newer. Both have to be versions. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [known(one), known(other)];
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || a.build - b.build;
}

/** The line that a version belongs to: `1.12`. */
export function lineOf(text: string): string {
  const { major, minor } = known(text);
  return `${major}.${minor}`;
}

/** How many minor versions lie between two of the same major version, 0 for the same line. */
export function minorsBetween(from: string, to: string): number {
  return known(to).minor - known(from).minor;
}

export function isSameMajor(one: string, other: string): boolean {
  return known(one).major === known(other).major;
}

function known(text: string): Version {
  const version = versionOf(text.split('.').length === 2 ? `${text}.0` : text);
  if (version === undefined) throw new Error(`${text} is no version`);
  return version;
}
