import { Fault } from '#engine/fault';
import type { Entry } from '#ports/journal';
import { stateOf } from './state.ts';
import type { Terminal } from './terminal.ts';

/** What earlier runs on this machine tell, where it only adds to an answer: journals that cannot be read are said, not fatal. */
export function pastOf(terminal: Terminal): readonly (readonly Entry[])[] {
  try {
    return stateOf(terminal).all();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    terminal.tell(`without the durations of earlier runs: ${error.message}\n`);
    return [];
  }
}
