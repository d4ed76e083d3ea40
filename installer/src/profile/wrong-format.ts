import type { Path } from './mistake.ts';
import { exampleOrPurpose, quote } from './wording.ts';

interface Telling {
  readonly message: string;
  readonly right: string;
}

/** Says that a text has not the form that is wanted, and gives it that form where it can be guessed. */
export function wrongFormat(wanted: string, path: Path, text: string): Telling {
  const unit = wanted.startsWith('a duration')
    ? durationOf(text)
    : wanted.startsWith('a size')
      ? sizeOf(text)
      : undefined;
  if (unit !== undefined) return unit;
  const guess = guesses.find(([start]) => wanted.startsWith(start))?.[1](text);
  const message = text === '' ? `the text is empty; it should be ${wanted}` : `${quote(text)} is not ${wanted}`;
  return { message, right: guess === undefined ? exampleOrPurpose(path) : `did you mean ${guess}?` };
}

const guesses: readonly (readonly [string, (text: string) => string | undefined])[] = [
  ['a MAC address', (text) => macOf(text)],
  ['an IPv4 address with its prefix', (text) => (isAddress(text) ? `${text}/24` : undefined)],
  ['an IPv4 address such', (text) => (isAddress(text.split('/')[0] ?? '') ? text.split('/')[0] : undefined)],
  ['a name of', (text) => nameOf(text)],
  ['an absolute path', (text) => (/^[A-Za-z0-9._/@+-]+$/.test(text) ? `/${text}` : undefined)],
  ['a URL', (text) => (/^[A-Za-z0-9.-]+(:[0-9]+)?(\/\S*)?$/.test(text) ? `https://${text}` : undefined)],
];

function durationOf(text: string): Telling | undefined {
  const parts = /^([1-9][0-9]*) *([A-Za-z]*)$/.exec(text);
  if (parts?.[1] === undefined) return undefined;
  if (parts[2] === '')
    return { message: `written as ${text} but needs a unit`, right: `${text}s, ${text}m or ${text}h` };
  const unit = /^[smh]/i.exec(parts[2] ?? '')?.[0].toLowerCase();
  const isKnown = /^(s|m|h|sec|secs|seconds?|mins?|minutes?|hours?|hrs?)$/i.test(parts[2] ?? '');
  const message = `${quote(text)} has a unit that is not known here`;
  return {
    message,
    right: isKnown && unit !== undefined ? `${parts[1]}${unit}` : 'the units are s, m and h: 90s, 10m, 2h',
  };
}

function sizeOf(text: string): Telling | undefined {
  const parts = /^([1-9][0-9]*) *([A-Za-z]*)$/.exec(text);
  if (parts?.[1] === undefined) return undefined;
  if (parts[2] === '') return { message: `written as ${text} but needs a unit`, right: `${text}Mi or ${text}Gi` };
  const unit = /^([KMGT])i?B?$/i.exec(parts[2] ?? '')?.[1]?.toUpperCase();
  const message = `${quote(text)} has a unit that is not known here`;
  return { message, right: unit === undefined ? 'the units are Ki, Mi, Gi and Ti: 128Mi, 2Gi' : `${parts[1]}${unit}i` };
}

function macOf(text: string): string | undefined {
  const digits = text.replaceAll(/[-:.]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : undefined;
}

function isAddress(text: string): boolean {
  return /^([0-9]{1,3}\.){3}[0-9]{1,3}$/.test(text) && text.split('.').every((part) => Number(part) < 256);
}

function nameOf(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
  return /^[a-z0-9]/.test(name) && name !== text ? name : undefined;
}
