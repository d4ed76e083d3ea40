/** What the kernel shows under a path: a value that is read, a device, or a link. */
export type Leaf = (() => string) | { readonly link: string } | { readonly device: true };

/** Paths under /proc, /sys or /dev; the directories between follow from them. */
export type KernelTree = Readonly<Record<string, Leaf>>;

export function leafAt(tree: KernelTree, path: string): Leaf | undefined {
  return Object.hasOwn(tree, path) ? tree[path] : undefined;
}

export function namesIn(tree: KernelTree, path: string): readonly string[] {
  const start = `${path}/`;
  const below = Object.keys(tree).filter((key) => key.startsWith(start));
  return [...new Set(below.map((key) => key.slice(start.length).split('/')[0] ?? ''))].sort();
}
