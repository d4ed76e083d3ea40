import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { usageFault } from './usage.ts';

describe('a command line that is not understood', () => {
  it('turns a guess into the first thing to try', () => {
    const error = new CommanderError(
      1,
      'commander.unknownOption',
      "error: unknown option '--yess'\n(Did you mean --yes?)",
    );

    expect(usageFault(error, ['apply', 'plant-7.yaml', '--yess']).record()).toMatchObject({
      code: 'USAGE',
      message: "unknown option '--yess'",
      remedy: ['did you mean --yes?', 'novasphere apply --help'],
    });
  });

  it('shows where the help of a command of two words is, and of its group', () => {
    const unknown = (code: string, message: string) => new CommanderError(1, code, message);
    const option = unknown('commander.unknownOption', "error: unknown option '--x'");
    const command = unknown('commander.unknownCommand', "error: unknown command 'fetsch'");

    expect(usageFault(option, ['bundle', 'fetch', '--x']).remedy).toEqual(['novasphere bundle fetch --help']);
    expect(usageFault(command, ['bundle', 'fetsch']).remedy).toEqual(['novasphere bundle --help']);
  });
});
