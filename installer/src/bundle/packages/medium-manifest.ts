/** A package that the medium installs. */
export interface InstalledPackage {
  readonly version: string;
  /** Named by the manifest for packages of which several architectures may be installed (Multi-Arch: same). */
  readonly architecture?: string;
}

/**
 * Adds what one manifest of the folder casper says to what the layers below it have installed. Two forms lie on media:
 * a list of `name<TAB>version`, and for a layer the difference to the one below it as `diff -U0` prints it, without its
 * `@@` lines (livecd-rootfs, live-build/lb_binary_layered). Snaps stand in them too, as `snap:name`.
 */
export function withManifest(
  below: ReadonlyMap<string, InstalledPackage>,
  text: string,
): ReadonlyMap<string, InstalledPackage> {
  const lines = text.split('\n').filter((line) => !/^(---|\+\+\+|@@) ?/.test(line));
  const installed = new Map(below);
  for (const line of lines) if (line.startsWith('-')) installed.delete(nameOf(line.slice(1)));
  for (const line of lines) {
    if (line.startsWith('-')) continue;
    const [word = '', version = ''] = line.replace(/^\+/, '').split(/\s+/);
    const [name = '', architecture] = word.split(':');
    if (version === '' || name === 'snap') continue;
    installed.set(name, { version, ...(architecture === undefined ? {} : { architecture }) });
  }
  return installed;
}

function nameOf(entry: string): string {
  return entry.split(/\s+/)[0]?.split(':')[0] ?? '';
}
