import type { Entry } from '#ports/journal';
import { faultScreen } from '#report/fault-screen';
import { tell } from '#report/tell';
import type { Terminal } from './terminal.ts';

/** After a run: each of its faults as a whole screen on stderr. The views only say in a line that a step has failed. */
export function tellFaults(entries: readonly Entry[], terminal: Terminal): void {
  const { columns, unicode, tellPaint } = terminal;
  for (const { title, fault } of tell(entries).faults)
    terminal.tell(`\n${faultScreen(fault, { title, columns, unicode, paint: tellPaint })}`);
}
