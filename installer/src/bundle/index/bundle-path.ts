const name = 'it has a name that no bundle has';

/** Why a path is none that a bundle may hold; undefined when it is. */
export function oddity(path: string): string | undefined {
  if (path.startsWith('/')) return 'it is absolute';
  if (path.split('/').includes('..')) return 'it leads out of the bundle';
  if (!/^[A-Za-z0-9._+~:-]+(\/[A-Za-z0-9._+~:-]+)*$/.test(path)) return name;
  if (path.split('/').includes('.')) return name;
  return path.split('/').some((part) => Buffer.byteLength(part) > 255) ? 'its name is too long for a disk' : undefined;
}

/**
 * Why these paths cannot lie side by side on every medium, as the end of a sentence about the index; undefined when
 * they can. A stick with FAT takes `bin/K3s` and `bin/k3s` for one file.
 */
export function clash(paths: readonly string[]): string | undefined {
  const files = new Map<string, string>();
  for (const path of paths) {
    const other = files.get(path.toLowerCase());
    if (other === path) return `it names ${path} twice`;
    if (other !== undefined) return `it names ${other} and ${path}, which are one file on some media`;
    files.set(path.toLowerCase(), path);
  }
  const folders = new Map<string, string>();
  for (const folder of paths.flatMap(foldersOf)) {
    const file = files.get(folder.toLowerCase());
    if (file !== undefined) return `it names ${file} as a file and as a folder`;
    const other = folders.get(folder.toLowerCase()) ?? folder;
    if (other !== folder) return `it names ${other}/ and ${folder}/, which are one folder on some media`;
    folders.set(folder.toLowerCase(), folder);
  }
  return undefined;
}

/** `a/b/c` → `a`, `a/b` */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
