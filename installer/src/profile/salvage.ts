import type * as z from 'zod';
import type { Path } from './mistake.ts';
import { type Issue, pathOf, valueAt } from './mistakes.ts';
import { apiVersion, Profile } from './schema.ts';

/** A profile in which bad parts are left out, so that what is wrong with the rest can be told in the same go. */
export interface Salvage {
  readonly profile: Profile;
  /** What was left out or made up: nothing can be said of it. */
  readonly lost: readonly Path[];
}

/** Undefined when too little is left to say anything about. Changes `value`. */
export function salvage(value: unknown, issues: readonly Issue[]): Salvage | undefined {
  const lost: Path[] = [];
  let open: readonly Issue[] = issues;
  for (let round = 0; round < 3; round += 1) {
    for (const issue of open) lost.push(...remove(value, issue));
    const result: z.ZodSafeParseResult<Profile> = Profile.safeParse(value);
    if (result.success) return { profile: result.data, lost };
    open = result.error.issues;
  }
  return undefined;
}

function remove(value: unknown, issue: Issue): readonly Path[] {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') return issue.keys.flatMap((key) => drop(value, [...path, key]));
  return standIn(value, path) ?? drop(value, path);
}

/** Takes a value out. A list goes as a whole, since taking one item out would move the others. */
function drop(value: unknown, path: Path): readonly Path[] {
  const end = path.findIndex((part, index) => typeof part === 'number' && index === path.length - 1);
  const gone = end === -1 ? path : path.slice(0, end);
  const key = gone.at(-1);
  const parent = valueAt(value, gone.slice(0, -1));
  if (typeof key === 'string' && isMapping(parent)) delete parent[key];
  return [gone];
}

/** What has to be there gets something in its place. */
function standIn(value: unknown, path: Path): readonly Path[] | undefined {
  const key = path.at(-1);
  const parent = valueAt(value, path.slice(0, -1));
  if (typeof key !== 'string' || !Object.hasOwn(standIns, key) || !isMapping(parent)) return undefined;
  const isName = key === 'name' || key === 'ports';
  const made = standIns[key]?.();
  parent[key] =
    isName && typeof made === 'string' ? `${made}${path.filter((part) => typeof part === 'number').join('-')}` : made;
  return [path];
}

const standIns: Readonly<Record<string, () => unknown>> = {
  apiVersion: () => apiVersion,
  kind: () => 'Profile',
  metadata: () => ({ name: 'x' }),
  name: () => 'x',
  match: () => ({}),
  management: () => ({ match: {}, dhcp: true }),
  network: () => ({ management: { match: {}, dhcp: true } }),
  ports: () => ['x'],
  http: () => 'http://x.invalid',
  policy: () => 'none',
};

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
