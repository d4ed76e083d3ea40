/** What a person is shown, and can send in, when Novasphere itself made a mistake. */
export function bugReport(error: unknown, about: { readonly version: string; readonly command: string }): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const chain = error instanceof Error && error.cause !== undefined ? causes(error.cause) : [];
  return [
    '✖ This is a mistake in Novasphere, not in your profile or on your machine',
    `  ${firstLine(error)}`,
    '  try      run the same command again: everything that it does may be repeated',
    '           report this text, with the command and the journal of the run:',
    '',
    `novasphere ${about.version}, node ${process.versions.node}, ${process.platform} ${process.arch}`,
    `command: novasphere ${about.command}`,
    trace,
    ...chain,
    '',
  ].join('\n');
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.split('\n')[0] ?? '';
}

function causes(cause: unknown): readonly string[] {
  if (!(cause instanceof Error)) return [`because ${String(cause)}`];
  const deeper = cause.cause === undefined ? [] : causes(cause.cause);
  return [`because ${cause.stack ?? cause.message}`, ...deeper];
}
