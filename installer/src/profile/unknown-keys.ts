import { closest } from '#engine/closest';
import { homesOf, keysOf, knownSchema, nodeAt } from './json-schema.ts';
import { formatPath, type Path } from './mistake.ts';
import type { Saying } from './saying.ts';

/** Says of each key that the profile does not know what was most likely meant. */
export function unknownKeys(path: Path, keys: readonly string[]): readonly Saying[] {
  const schema = knownSchema();
  const allowed = keysOf(nodeAt(schema, path));
  return keys.map((key) => {
    const where = path.length === 0 ? 'the profile' : formatPath(path);
    const message = `“${key.slice(0, 60)}” is not a key of ${where}`;
    return { path: [...path, key], at: 'key', message, right: rightKey(key, allowed, homesOf(schema, key)) };
  });
}

function rightKey(key: string, allowed: readonly string[], homes: readonly string[]): string {
  const known = `keys here: ${allowed.join(', ')}`;
  const near = closest(key, allowed);
  if (near !== undefined) return `did you mean “${near}”?`;
  if (homes.length > 0 && homes.length < 4)
    return `“${key}” belongs in ${homes.map((home) => parentOf(home)).join(' or ')}; ${known}`;
  return known;
}

function parentOf(home: string): string {
  const end = home.lastIndexOf('.');
  return end === -1 ? 'the top level' : home.slice(0, end);
}
