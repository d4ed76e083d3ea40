import type { View } from '#ports/journal';
import { toAscii } from '#report/ascii';
import type { History } from '#report/history';
import type { Terminal } from './terminal.ts';

export type ViewKind = 'listr' | 'plain' | 'json';

export interface Seat {
  readonly output: 'text' | 'json';
  readonly stdoutIsTTY: boolean;
  readonly term: string | undefined;
  readonly noColor?: boolean;
}

/** Terminals that cannot move the cursor about, or may not: real and emulated serial lines, the bare Linux console. */
const simple = /^(dumb|unknown|linux|ansi|network|dialup|vt\d+.*)?$/;

/** Which view suits where the run is watched. Drawing over lines is only for terminals that are known to take it. */
export function viewKind({ output, stdoutIsTTY, term }: Seat): ViewKind {
  if (output === 'json') return 'json';
  return stdoutIsTTY && !simple.test(term ?? '') ? 'listr' : 'plain';
}

/** The view for this terminal; listr2 is only loaded when it draws. */
export async function chooseView(terminal: Terminal, history?: History): Promise<View> {
  const { output, stdoutIsTTY, environment, unicode, columns, verbose, paint } = terminal;
  const write = (text: string) => terminal.raw(text);
  const kind = viewKind({ output, stdoutIsTTY, term: environment.TERM });
  if (kind === 'json') {
    const { jsonView } = await import('#adapters/json-view');
    return jsonView(write);
  }
  const known = history === undefined ? {} : { history };
  if (kind === 'plain' || !unicode) {
    const { plainView } = await import('#adapters/plain-view');
    return plainView({ write, paint, columns, verbose, written: unicode ? String : toAscii, ...known });
  }
  const [{ listrView }, { systemClock }] = await Promise.all([
    import('#adapters/listr-view'),
    import('#adapters/system-clock'),
  ]);
  const { elapsed } = systemClock();
  return listrView({ write, paint, columns, verbose, elapsed, ...known });
}
