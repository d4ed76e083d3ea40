import type { Path } from './mistake.ts';
import { example, exampleOrPurpose, flow, kindWord, quote } from './wording.ts';

interface Telling {
  readonly message: string;
  readonly right: string;
}

/** Says that a value is of another kind than the profile wants there. */
export function wrongType(expected: string, path: Path, value: unknown): Telling {
  if (expected === 'boolean') return notBoolean(value);
  if (expected === 'number' || expected === 'int') return notNumber(path, value);
  if (expected === 'array') return notList(path, value);
  if (expected === 'object' || expected === 'record')
    return { message: `${kindWord(value)} stands where a mapping is wanted`, right: exampleOrPurpose(path) };
  const isSimple = typeof value !== 'object';
  const right = isSimple ? `put it into quotes: "${flow(value)}"` : exampleOrPurpose(path);
  return { message: `${kindWord(value)} stands where text is wanted`, right };
}

function notBoolean(value: unknown): Telling {
  const word = flow(value).toLowerCase();
  const meant = /^(yes|on|y|1|true)$/.test(word) ? 'true' : /^(no|off|n|0|false)$/.test(word) ? 'false' : undefined;
  const message = `${kindWord(value)} is neither true nor false`;
  return { message, right: meant === undefined ? 'write true or false' : `write ${meant}` };
}

function notNumber(path: Path, value: unknown): Telling {
  if (typeof value === 'string' && /^[-+]?0[0-9]+$/.test(value)) return leadingZero(value);
  if (typeof value === 'string' && /^[0-9]+$/.test(value))
    return { message: `${quote(value)} is text`, right: `write ${value} without quotes` };
  const message = typeof value === 'number' ? `${value} is not a whole number` : `${kindWord(value)} is not a number`;
  return { message, right: exampleOrPurpose(path) };
}

function leadingZero(text: string): Telling {
  const decimal = String(Number(text));
  const octal = /^[-+]?[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
  if (octal === undefined) return { message: `${quote(text)} begins with a zero`, right: `write ${decimal}` };
  return {
    message: `${quote(text)} can be read as ${decimal} or, as octal, as ${octal}`,
    right: `write ${decimal} or ${octal}`,
  };
}

function notList(path: Path, value: unknown): Telling {
  const shown = typeof value === 'object' ? example(path) : `[${flow(value)}]`;
  return {
    message: `${kindWord(value)} stands where a list is wanted`,
    right: shown === undefined ? 'begin each item with “- ”' : `write ${shown}`,
  };
}
