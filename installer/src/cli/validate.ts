import { codes } from '#engine/codes';
import { explainMistakes, mistakeRecords, type Paint } from '#profile/explain';
import { type Reading, readProfile } from '#profile/load';
import type { Call } from './call.ts';
import { readInput } from './read-input.ts';
import type { Terminal } from './terminal.ts';

/** `novasphere validate PROFILE…`: every mistake at once, in file order. */
export async function validate({ words, terminal }: Call): Promise<number> {
  const readings = words.map((file) => ({ file, reading: readProfile(profileBytes(file), file) }));
  terminal.print(readings.map(({ file, reading }) => screen(file, reading, terminal)).join(''));
  terminal.json({ version: 1, files: readings.map(({ file, reading }) => record(file, reading)) });
  return readings.every(({ reading }) => reading.isValid) ? 0 : codes['PROFILE-INVALID'].exit;
}

/** The bytes of a profile, or PROFILE-UNREADABLE. */
export function profileBytes(file: string): Uint8Array {
  return readInput(file, 'profile', 'PROFILE-UNREADABLE');
}

/** What a reading says to a person: its mistakes and warnings, or that all is well. */
function screen(file: string, reading: Reading, { paint, unicode }: Terminal): string {
  const colours: Paint = (part, text) => {
    if (part === 'place') return paint.bold(text);
    if (part === 'message' || part === 'caret') return paint.red(text);
    if (part === 'right') return paint.green(text);
    return part === 'warning' ? paint.yellow(text) : text;
  };
  const found = mistakesOf(reading);
  const told = found.length === 0 ? '' : `${explainMistakes(found, file, colours)}\n\n`;
  if (!reading.isValid) return told;
  const nodes = reading.profile.nodes.length;
  const ok = paint.green(`${unicode ? '✔' : '+'} ${file} is valid`);
  return `${told}${ok}: ${reading.profile.metadata.name}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}\n`;
}

function mistakesOf(reading: Reading) {
  const mistakes = reading.isValid ? [] : reading.mistakes;
  return [...mistakes, ...reading.warnings].toSorted(
    (one, other) => one.line - other.line || one.column - other.column,
  );
}

function record(file: string, reading: Reading) {
  return {
    file,
    valid: reading.isValid,
    mistakes: reading.isValid ? [] : mistakeRecords(reading.mistakes, file),
    warnings: mistakeRecords(reading.warnings, file),
  };
}
