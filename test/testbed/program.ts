import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';

/** A program of the bed that runs; its words go to a file beside its data. */
export class RunningProgram {
  readonly name: string;
  readonly log: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(path: string, words: readonly string[], directory: string) {
    this.name = basename(path);
    this.log = join(directory, `${this.name}.log`);
    const out = openSync(this.log, 'a');
    this.#child = spawn(path, words, { stdio: ['ignore', out, out], cwd: directory });
    closeSync(out);
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** The last lines that it said. */
  get lastWords(): string {
    return readFileSync(this.log, 'utf8').split('\n').slice(-15).join('\n');
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(name: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.hasEnded) this.#child.kill(name);
    await this.#ended;
  }
}

/** A TCP port of loopback that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
