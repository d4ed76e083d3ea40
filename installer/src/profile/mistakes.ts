import type * as z from 'zod';
import { isWithin, type Mistake, type Path } from './mistake.ts';
import { type Saying, sayingOf } from './saying.ts';
import type { Source } from './source.ts';
import { unionIssues } from './unions.ts';
import { unknownKeys } from './unknown-keys.ts';
import type { Tree } from './yaml.ts';

export type Issue = z.core.$ZodIssue;

/** Turns what the schema found into mistakes at their places, leaving out what is only a consequence of bad YAML. */
export function mistakesOf(issues: readonly Issue[], tree: Tree, source: Source): readonly Mistake[] {
  return issues
    .flatMap((issue) => flatten(issue, tree))
    .filter((saying) => !tree.spoilt.some((spoilt) => isWithin(saying.path, spoilt)))
    .map((saying) => place(saying, tree, source));
}

function flatten(issue: Issue, tree: Tree): readonly Saying[] {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') return unknownKeys(path, issue.keys);
  if (issue.code === 'invalid_union') {
    const inner = unionIssues(issue, valueAt(tree.value, path));
    if (inner.length > 0) return inner.flatMap((each) => flatten(each, tree));
  }
  return [sayingOf(issue, path, valueAt(tree.value, path), tree.places.at(path)?.written)];
}

function place(saying: Saying, tree: Tree, source: Source): Mistake {
  const isHere = tree.places.at(saying.path) !== undefined;
  const found = tree.places.nearest(saying.path);
  const offset = saying.at === 'value' && isHere ? found.value : found.key;
  return source.mistake(offset, saying.path, saying.message, saying.right);
}

export function pathOf(issue: Issue): Path {
  return issue.path.filter((part) => typeof part !== 'symbol');
}

export function valueAt(value: unknown, path: Path): unknown {
  let here: unknown = value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
    here = (here as Record<string | number, unknown>)[part];
  }
  return here;
}
