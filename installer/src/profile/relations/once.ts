import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';

export interface Item {
  readonly key: string;
  readonly path: Path;
  /** How the item is called in a message, such as `MAC address 3c:ec:ef:00:00:01`. */
  readonly called: string;
}

/** Says of everything that occurs a second time where the first is. */
export function once(look: Look, items: readonly Item[], right: string): void {
  const first = new Map<string, Path>();
  for (const { key, path, called } of items) {
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, path);
      continue;
    }
    const where = look.isWritten(known) ? `in ${look.line(known)}` : look.line(known);
    look.say(path, { message: `${called} is used twice; the first is ${where}`, right, others: [known] });
  }
}
