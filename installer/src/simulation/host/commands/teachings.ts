import { clockCommands } from './clock-commands.ts';
import { diskCommands } from './disk-commands.ts';
import { fileCommands } from './file-commands.ts';
import { kernelCommands } from './kernel-commands.ts';
import { networkCommands } from './network-commands.ts';
import { packageCommands } from './package-commands.ts';
import { platformCommands } from './platform-commands.ts';
import type { Call, Teaching } from './teaching.ts';
import { unitCommands } from './unit-commands.ts';
import { userCommands } from './user-commands.ts';

/** Everything that simulated hosts were taught, longest commands first: the most exact one answers. */
const teachings: readonly Teaching[] = [
  ...fileCommands,
  ...kernelCommands,
  ...packageCommands,
  ...diskCommands,
  ...unitCommands,
  ...networkCommands,
  ...clockCommands,
  ...userCommands,
  ...platformCommands,
].toSorted((one, other) => other.command.length - one.command.length);

/** The teaching for a command with the words that it leaves over; undefined when there is none. */
export function teachingFor(command: readonly string[]): { teaching: Teaching; words: Call['words'] } | undefined {
  const known = named(command);
  const teaching = teachings.find((one) => one.command.every((word, at) => known[at] === word));
  return teaching && { teaching, words: known.slice(teaching.command.length) };
}

/** Programs are known by name wherever they lie; our own one may be started by Node from a checkout. */
function named(command: readonly string[]): readonly string[] {
  const own = command.indexOf('measure-fsync');
  if (own > 0) return ['novasphere', ...command.slice(own)];
  const [program = '', ...words] = command;
  return [program.slice(program.lastIndexOf('/') + 1), ...words];
}
