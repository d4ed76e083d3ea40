import { createHash } from 'node:crypto';
import type { Answer, Host, PathFacts, RunOptions } from '#ports/host';
import type { Sight, Stage } from '#ports/world';

type Saying = string | Partial<Answer>;

/** A machine on paper, for tests of single steps: files, prepared answers, and what a command does to them. */
export class PaperMachine implements Host {
  readonly name = 'plant-7-a';
  readonly files = new Map<string, { text: string; mode: number }>();
  readonly answers = new Map<string, Saying | (() => Saying)>();
  readonly effects = new Map<string, (input?: string) => string | void>();
  /** Every act, in order: `write /path`, `remove /path`, or the command's words. */
  readonly log: string[] = [];

  put(path: string, text: string, mode = 0o644): this {
    this.files.set(path, { text, mode });
    return this;
  }

  says(command: string, answer: Saying | (() => Saying)): this {
    this.answers.set(command, answer);
    return this;
  }

  does(command: string, effect: (input?: string) => string | void = () => {}): this {
    this.effects.set(command, effect);
    return this;
  }

  async read(path: string): Promise<string | undefined> {
    return this.files.get(path)?.text;
  }

  async list(path: string): Promise<readonly string[]> {
    const inside = [...this.files.keys()].filter((file) => file.startsWith(`${path}/`));
    return [...new Set(inside.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''))].sort();
  }

  async look(path: string): Promise<PathFacts | undefined> {
    const file = this.files.get(path);
    if (file !== undefined) return { kind: 'file', mode: file.mode, size: file.text.length };
    return (await this.list(path)).length > 0 ? { kind: 'directory', mode: 0o755, size: 0 } : undefined;
  }

  async digest(path: string): Promise<string | undefined> {
    const text = this.files.get(path)?.text;
    return text === undefined ? undefined : createHash('sha256').update(text).digest('hex');
  }

  async ask(question: readonly string[]): Promise<Answer> {
    const known = this.answers.get(question.join(' '));
    if (known === undefined) throw new Error(`this paper machine has no answer to: ${question.join(' ')}`);
    const said = typeof known === 'function' ? known() : known;
    return { exitCode: 0, stdout: '', stderr: '', ...(typeof said === 'string' ? { stdout: said } : said) };
  }

  async write(path: string, content: string, mode = 0o644): Promise<void> {
    this.log.push(`write ${path}`);
    this.put(path, content, mode);
  }

  async place(source: string, path: string, mode = 0o644): Promise<void> {
    this.log.push(`place ${path}`);
    this.put(path, source, mode);
  }

  async remove(path: string): Promise<void> {
    this.log.push(`remove ${path}`);
    this.files.delete(path);
  }

  async run(command: readonly [string, ...string[]], options?: RunOptions): Promise<string> {
    const words = command.join(' ');
    this.log.push(words);
    const effect = this.effects.get(words);
    if (effect === undefined) throw new Error(`this paper machine was not told what happens on: ${words}`);
    return effect(options?.input) ?? '';
  }

  async reboot(): Promise<never> {
    this.log.push('reboot');
    throw new Error('the paper machine restarts');
  }

  /** What a step is given; the cluster and the bundle are only there where a test puts them in. */
  stage(more: Partial<Sight> = {}): Stage {
    const absent = new Proxy({}, { get: (_, key) => () => Promise.reject(new Error(`not on paper: ${String(key)}`)) });
    const world = {
      cluster: absent,
      bundle: absent,
      now: () => Date.UTC(2026, 10, 21),
      intended: () => false,
      agreed: () => false,
    };
    return { ...world, ...more, host: this } as unknown as Stage;
  }
}
