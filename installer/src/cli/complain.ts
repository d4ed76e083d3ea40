import { CommanderError } from 'commander';
import { Fault } from '#engine/fault';
import { bugReport } from '#report/bug-report';
import { faultScreen } from '#report/fault-screen';
import type { Terminal } from './terminal.ts';
import { usageFault } from './usage.ts';
import { version } from './version.ts';

/** Shows what went wrong, to people on stderr and to scripts on stdout, and says with which exit code to end. */
export function complain(error: unknown, terminal: Terminal, words: readonly string[], title?: string): number {
  const fault = error instanceof CommanderError ? usageFault(error, words) : error;
  if (!(fault instanceof Fault)) return confess(error, terminal, words);
  const { exitCode } = fault;
  terminal.json({ version: 1, event: 'fault', exitCode, fault: fault.record() });
  showFault(fault, terminal, title);
  return exitCode;
}

/** The screen of a fault on stderr. */
export function showFault(fault: Fault, terminal: Terminal, title?: string): void {
  const { columns, unicode, tellPaint } = terminal;
  const named = title === undefined ? {} : { title };
  terminal.tell(faultScreen(fault.record(), { columns, unicode, paint: tellPaint, ...named }));
  if (terminal.verbose) terminal.tell(`  ${tellPaint.dim('code')}     ${fault.code}\n`);
}

const bug = 70;

function confess(error: unknown, terminal: Terminal, words: readonly string[]): number {
  const text = error instanceof Error ? error.message : String(error);
  terminal.json({ version: 1, event: 'bug', exitCode: bug, message: text });
  terminal.tell(bugReport(error, { version, command: words.join(' ') }));
  return bug;
}
