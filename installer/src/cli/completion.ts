import { Fault } from '#engine/fault';
import type { Call } from './call.ts';
import { completionScript, shells } from './completion-script.ts';

/** `novasphere completion SHELL`: a script for the shell to read. */
export async function completion({ words, terminal }: Call): Promise<number> {
  const shell = shells.find((one) => one === words[0]);
  if (shell === undefined)
    throw new Fault({
      code: 'USAGE',
      message: `there is no completion for ${words[0]}`,
      remedy: ['novasphere completion bash'],
    });
  terminal.raw(completionScript(shell));
  return 0;
}
