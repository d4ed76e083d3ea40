import { Fault } from '#engine/fault';
import { redactor } from './confidential.ts';
import { decode } from './decode.ts';
import { explainMistakes, summary } from './explain.ts';
import { lookAt } from './look.ts';
import type { Mistake } from './mistake.ts';
import { type Issue, mistakesOf, pathOf, valueAt } from './mistakes.ts';
import { type Positions, positionsOf } from './positions.ts';
import { relations } from './relations.ts';
import { salvage } from './salvage.ts';
import { Profile } from './schema.ts';
import type { Source } from './source.ts';
import { readYaml, type Tree } from './yaml.ts';

export interface Loaded {
  readonly profile: Profile;
  readonly positions: Positions;
  readonly warnings: readonly Mistake[];
}

/** What reading a profile gave: the profile, or every mistake in file order. Warnings come either way. */
export type Reading =
  | (Loaded & { readonly isValid: true })
  | {
      readonly isValid: false;
      readonly mistakes: readonly [Mistake, ...Mistake[]];
      readonly warnings: readonly Mistake[];
    };

/** Reads a profile and finds all that is wrong with it, at once. */
export function readProfile(text: string | Uint8Array, file: string): Reading {
  const { source, mistake } = decode(text, file);
  if (mistake !== undefined) return { isValid: false, mistakes: [mistake], warnings: [] };
  const tree = readYaml(source);
  const parsed = tree.value === undefined ? undefined : parse(tree);
  const issues = parsed?.error?.issues ?? [];
  const redacted = redactor(tree);
  const found = [...tree.mistakes, ...mistakesOf(issues, tree, source)];
  const whole = parsed?.data === undefined ? undefined : { profile: parsed.data, lost: tree.spoilt };
  const rest = whole ?? (parsed === undefined ? undefined : salvage(tree.value, issues));
  if (rest !== undefined) found.push(...related(rest.profile, source, tree, [...rest.lost, ...tree.spoilt]));
  const [first, ...others] = inOrder(redacted(found.filter((one) => one.severity === 'mistake')));
  const warnings = inOrder(redacted(found.filter((one) => one.severity === 'warning')));
  if (first !== undefined) return { isValid: false, mistakes: [first, ...others], warnings };
  if (whole === undefined) throw new Error(`${file}: neither a profile nor a mistake came of it`);
  return { isValid: true, profile: whole.profile, positions: positionsOf(source, tree.places), warnings };
}

/** The profile, or a Fault PROFILE-INVALID that shows every mistake. */
export function loadProfile(text: string | Uint8Array, file: string): Loaded {
  const reading = readProfile(text, file);
  if (reading.isValid) return reading;
  const { mistakes } = reading;
  throw new Fault({
    code: 'PROFILE-INVALID',
    message: summary(mistakes, file),
    where: mistakes.map(({ line, column }) => `${file}:${line}:${column}`),
    evidence: explainMistakes(mistakes, file).split('\n'),
    remedy: [`edit ${file} and check it with: novasphere validate ${file}`],
  });
}

type Parsed = ReturnType<typeof Profile.safeParse>;

/** Where text is wanted, a number is taken as it is written: `serial: 0123`, `wwn: 0x5002538f`, `timeout: 10`. */
function parse(tree: Tree): Parsed {
  const first = Profile.safeParse(tree.value);
  if (first.success) return first;
  const numbers = first.error.issues.filter((issue) => wantsText(issue) && takeAsWritten(tree, issue));
  return numbers.length === 0 ? first : Profile.safeParse(tree.value);
}

function wantsText(issue: Issue): boolean {
  if (issue.code === 'invalid_type') return issue.expected === 'string';
  return (
    issue.code === 'invalid_union' &&
    issue.errors.some((errors) => errors.some((error) => wantsText(error) && error.path.length === 0))
  );
}

function takeAsWritten(tree: Tree, issue: Issue): boolean {
  const path = pathOf(issue);
  const written = tree.places.at(path)?.written;
  const parent = valueAt(tree.value, path.slice(0, -1));
  if (typeof valueAt(tree.value, path) !== 'number' || written === undefined) return false;
  if (typeof parent !== 'object' || parent === null) return false;
  (parent as Record<string | number, unknown>)[path.at(-1) ?? ''] = written;
  return true;
}

function related(profile: Profile, source: Source, tree: Tree, lost: Parameters<typeof lookAt>[3]): readonly Mistake[] {
  const { look, mistakes } = lookAt(profile, source, tree.places, lost);
  for (const relation of relations) relation(look);
  return mistakes;
}

function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
