import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A copy of the operator as its Deployment runs it. */
export class OperatorProcess {
  readonly #child: ChildProcess;
  readonly #began = performance.now();
  readonly #lines: { readonly at: number; readonly msg: string }[] = [];
  readonly #healthPort: number;

  /** `program`: as scripts/pack-operator writes it. */
  constructor(program: string, kubeconfig: string, healthPort: number) {
    this.#healthPort = healthPort;
    const flags = ['--kubeconfig', kubeconfig, `--health-probe-bind-address=127.0.0.1:${healthPort}`];
    // As its Deployment has it.
    this.#child = spawn(process.execPath, ['--max-old-space-size=384', '--max-semi-space-size=2', program, ...flags], {
      env: { PATH: process.env['PATH'], POD_NAMESPACE: 'novasphere-system', POD_NAME: `bench-${healthPort}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { msg, level, ...about } = JSON.parse(line);
      this.#lines.push({ at: performance.now(), msg });
      if (level !== 'info') console.error(msg, JSON.stringify(about).slice(0, 400));
    });
  }

  /** Milliseconds of the clock at which a line of its log came. */
  async said(msg: string): Promise<number> {
    for (;;) {
      const line = this.#lines.find((one) => one.msg === msg);
      if (line !== undefined) return line.at;
      await pause(5);
    }
  }

  /** Seconds from the start until it calls itself ready. */
  async ready(): Promise<number> {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${this.#healthPort}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return (performance.now() - this.#began) / 1000;
      await pause(20);
    }
  }

  /** Megabytes that are resident now. */
  get resident(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await gone;
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
