import { StatusError } from '#kube/status-error';
import { PassTimeout } from './pass.ts';
import { TerminalError } from './terminal-error.ts';
import type { Again } from './work-queue.ts';

/** Mistakes of a program, as against what a server or a person got wrong. */
const mistakes = [TypeError, ReferenceError, RangeError, SyntaxError];

/** How the passes of a controller have ended so far; read only by who asks. */
export class PassCounts {
  readonly results = { success: 0, error: 0, requeue_after: 0 };
  terminal = 0;
  mistakes = 0;
  timeouts = 0;

  ended({ after }: Again): void {
    this.results[after === undefined ? 'success' : 'requeue_after']++;
  }

  failed(error: unknown): void {
    this.results.error++;
    if (error instanceof TerminalError) this.terminal++;
    if (error instanceof PassTimeout) this.timeouts++;
    if (!(error instanceof Error) || mistakes.some((kind) => error instanceof kind)) this.mistakes++;
  }
}

/** Whether somebody else was first with a write: the key is looked at again, and that is no news. */
export function isConflict(error: unknown): boolean {
  return error instanceof StatusError && error.code === 409;
}
