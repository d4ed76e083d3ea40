import { closest } from '#engine/closest';
import { isConfidential } from './confidential.ts';
import { knownSchema, nodeAt, type SchemaNode } from './json-schema.ts';
import type { Path } from './mistake.ts';
import type { Issue } from './mistakes.ts';
import { exampleOrPurpose, flow, quote } from './wording.ts';
import { wrongFormat } from './wrong-format.ts';
import { wrongType } from './wrong-type.ts';

/** What to tell of one value, before it has a place. */
export interface Saying {
  readonly path: Path;
  /** Whether to point at the key or at the value. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly right: string;
}

/** One finding of the schema in a person's words. `written` is the text of a value without quotes. */
export function sayingOf(issue: Issue, path: Path, value: unknown, written: string | undefined): Saying {
  if (value === undefined) return missing(path);
  if (value === null) return noValue(path);
  if (isConfidential(path)) return exposed(path);
  if (issue.code === 'invalid_key') return wrongKey(issue.issues[0]?.message, path);
  const words = wordsOf(path);
  if (words.length > 0) return wrongWord(words, path, value);
  if (issue.code === 'invalid_type') return { path, at: 'value', ...wrongType(issue.expected, path, value) };
  if (issue.code === 'invalid_format') return { path, at: 'value', ...wrongFormat(issue.message, path, flow(value)) };
  if (issue.code === 'too_small' || issue.code === 'too_big') return outOfRange(issue, path, written ?? value);
  return { path, at: 'value', message: `${quote(value)} does not fit here`, right: exampleOrPurpose(path) };
}

/** Its value is never repeated: it may be the secret itself. */
function exposed(path: Path): Saying {
  const key = path.at(-1);
  if (key === 'passwordHash')
    return {
      path,
      at: 'value',
      message: 'this is not a crypt(3) hash such as $6$…',
      right: '`openssl passwd -6` makes one; or write {fromFile: PATH} or {fromEnv: NAME}',
    };
  const message = 'a secret is not written into the profile itself';
  return { path, at: 'value', message, right: `${key}: {fromFile: PATH} or ${key}: {fromEnv: NAME}` };
}

function missing(path: Path): Saying {
  const key = path.at(-1);
  const right = exampleOrPurpose(path)
    .replace(/^for example /, `for example ${key}: `)
    .replace(/^keys: /, `add ${key}: with the keys `);
  return { path, at: 'key', message: `“${key}” is missing`, right };
}

function noValue(path: Path): Saying {
  const right = `${exampleOrPurpose(path)}; or leave the key out if it is not needed`;
  return { path, at: 'key', message: `“${path.at(-1)}” has no value`, right };
}

function wrongKey(wanted: string | undefined, path: Path): Saying {
  return {
    path,
    at: 'key',
    message: `${quote(path.at(-1))} is not ${wanted ?? 'a key that fits here'}`,
    right: 'write the name as it is known there',
  };
}

/** The fixed words that a value may be, where it may be nothing else. */
function wordsOf(path: Path): readonly unknown[] {
  const node = nodeAt(knownSchema(), path);
  const words = [node, ...(node?.anyOf ?? [])].flatMap((choice) => fixed(choice));
  const isOnlyWords = (node?.anyOf ?? []).every((choice) => fixed(choice).length > 0);
  return isOnlyWords ? words : [];
}

function fixed(node: SchemaNode | undefined): readonly unknown[] {
  if (node?.enum !== undefined) return node.enum;
  return node?.const === undefined ? [] : [node.const];
}

function wrongWord(words: readonly unknown[], path: Path, value: unknown): Saying {
  const texts = words.map((word) => String(word));
  const near = typeof value === 'string' ? closest(value, texts) : undefined;
  const one = texts.length === 1;
  const message = one ? `${quote(value)} is not ${texts[0]}` : `${quote(value)} is none of ${texts.join(', ')}`;
  if (one) return { path, at: 'value', message, right: `write ${texts[0]}` };
  return { path, at: 'value', message, right: near === undefined ? `write ${either(texts)}` : `did you mean ${near}?` };
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function outOfRange(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, path: Path, value: unknown): Saying {
  const right = exampleOrPurpose(path);
  if (issue.origin === 'array') return { path, at: 'value', message: `“${path.at(-1)}” is an empty list`, right };
  const isSmall = issue.code === 'too_small';
  const bound = isSmall ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  return {
    path,
    at: 'value',
    message: `${String(value)} is too ${isSmall ? 'small' : 'large'}`,
    right: `${bound}; ${right}`,
  };
}
