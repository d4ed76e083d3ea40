/** Where links point, from `stat --format %N`: `'/a/b' -> '../c'` gives `/a/b` → `../c`. Other lines are ignored. */
export function links(stat: string): ReadonlyMap<string, string> {
  return new Map(
    stat.split('\n').flatMap((line) => {
      const [, from, to] = /^['"]?(.+?)['"]? -> ['"]?(.+?)['"]?$/.exec(line) ?? [];
      return from === undefined || to === undefined ? [] : [[from, to] as const];
    }),
  );
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
