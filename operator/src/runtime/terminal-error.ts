/** Thrown by a reconcile that trying again cannot help: nothing is done until the object, or what it waits for, changes. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}
