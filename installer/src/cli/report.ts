import { jsonReport } from '#report/json';
import { tell } from '#report/tell';
import { textReport } from '#report/text';
import type { Call } from './call.ts';
import { stateOf } from './state.ts';
import { writeOutput } from './write-output.ts';

/** `novasphere report [RUN]`: tells a run on the terminal, as JSON, or as one page. */
export async function report({ words, options, terminal }: Call): Promise<number> {
  const { entries, torn, run } = stateOf(terminal).read(words[0]);
  const story = tell(entries);
  const { paint, columns, verbose, unicode } = terminal;
  terminal.print(textReport(story, { paint, columns, verbose, unicode }));
  terminal.json(jsonReport(story));
  if (torn) terminal.tell(tornNote(run));
  const file = options.text('html');
  if (file !== undefined) {
    const { htmlReport } = await import('#report/html');
    writeOutput(file, htmlReport(story), { replace: true });
    terminal.tell(`written to ${file}\n`);
  }
  return 0;
}

/** Said wherever a journal is read whose last line was cut. */
export function tornNote(run: string): string {
  return `the last line of the journal of ${run} was cut while it was being written; it is left out\n`;
}
