import type { Json } from '#kube/json';

/** Lines around a change. */
const context = 3;

/** What differs between two values, as a unified diff of their lines, in one hunk. */
export function difference(before: Json, after: Json): string {
  const [old, now] = [lines(before), lines(after)];
  const first = old.findIndex((line, index) => line !== now[index]);
  let same = 0;
  while (same < Math.min(old.length, now.length) - first && old.at(-1 - same) === now.at(-1 - same)) same++;
  const start = Math.max(0, first - context);
  const after_ = Math.min(same, context);
  const hunk = [
    ...old.slice(start, first).map((line) => ` ${line}`),
    ...old.slice(first, old.length - same).map((line) => `-${line}`),
    ...now.slice(first, now.length - same).map((line) => `+${line}`),
    ...old.slice(old.length - same, old.length - same + after_).map((line) => ` ${line}`),
  ];
  const size = (all: readonly string[]) => all.length - same + after_ - start;
  const head = `@@ -${start + 1},${size(old)} +${start + 1},${size(now)} @@`;
  return `${[head, ...hunk].join('\n')}\n`;
}

function lines(value: Json): readonly string[] {
  return JSON.stringify(value, undefined, 1).split('\n');
}
