import { type StateDirectory, stateDirectory, statePath } from '#adapters/state-directory';
import type { Terminal } from './terminal.ts';

/** The journals of this machine, where the environment says that they are. */
export function stateOf(terminal: Terminal): StateDirectory {
  return stateDirectory(statePath(terminal.environment));
}
