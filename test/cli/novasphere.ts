import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { main } from '#cli/main';

export const root = join(import.meta.dirname, '../..');
export const program = join(root, 'installer/bin/novasphere.js');

/** A place for state, profiles and bundles of one test; its name is always as long, so that texts wrap alike. */
export function scratch(): string {
  return mkdtempSync('/tmp/novasphere-test-');
}

/** A command line in this process, without a terminal. */
export async function novasphere(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const written = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({ write: (text: string) => (written[key] += text), on: () => undefined });
  const exitCode = await main(words, {
    stdin: Object.assign(new PassThrough().end(), { isTTY: false }),
    stdout: sink('out'),
    stderr: sink('err'),
    environment: { LANG: 'C.UTF-8', ...environment },
  });
  return { exitCode, ...written };
}

/** A command line under way as a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly written: { out: string; err: string };
  readonly ended: Promise<Ended>;
  /** Settles once it has written this, to stdout or stderr. */
  until(text: string): Promise<void>;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export function launch(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', ...environment };
  const child = spawn(process.execPath, [program, ...words], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return watched(child);
}

/** Any other process of this Node. */
export function node(words: readonly string[]): Running {
  return watched(spawn(process.execPath, [...words], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** The same through a shell, for pipes. */
export function shell(line: string, environment: Readonly<Record<string, string>> = {}): Running {
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', NODE: process.execPath, PROGRAM: program };
  const words = ['-o', 'pipefail', '-c', line];
  return watched(
    spawn('bash', words, { cwd: root, env: { ...env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

function watched(child: ChildProcess): Running {
  const written = { out: '', err: '' };
  const waiting = new Set<() => void>();
  const take = (key: 'out' | 'err') => (text: Buffer) => {
    written[key] += text.toString();
    for (const look of waiting) look();
  };
  child.stdout?.on('data', take('out'));
  child.stderr?.on('data', take('err'));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, ...written })),
  );
  const until = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (written.out.includes(text) || written.err.includes(text)) resolve();
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`it ended without “${text}”:\n${written.out}\n${written.err}`)));
    });
  return { child, written, ended, until };
}

/** The screen of one fault out of a longer text: from its headline to the next empty line. */
export function screenOf(text: string, headline: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line === `✖ ${headline}`);
  const length = lines.slice(first).findIndex((line) => line === '');
  return first === -1 ? '' : `${lines.slice(first, first + length).join('\n')}\n`;
}
