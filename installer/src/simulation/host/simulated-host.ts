import type { Fault } from '#engine/fault';
import { commandFault, type FileTrouble, fileFault, quote } from '#engine/host-fault';
import type { Answer, Host, PathFacts, RunOptions } from '#ports/host';
import { Rebooting, replacementOf } from '#ports/host';
import { isQuestion, type Question } from '#ports/question';
import { teachingFor } from './commands/teachings.ts';
import { parent, type SourceFile } from './file-store.ts';
import { importPlaced } from './k3s-images.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { setSysctl } from './sysctl.ts';

const durableWrite = 4;
const bytesPerMillisecond = 400_000;

/** A simulated machine as steps see it. A command that it was not taught is a mistake in the simulation and says so. */
export class SimulatedHost implements Host {
  readonly #machine: SimulatedMachine;

  constructor(machine: SimulatedMachine) {
    this.#machine = machine;
  }

  get name(): string {
    return this.#machine.name;
  }

  async read(path: string): Promise<string | undefined> {
    return this.#seen(`read ${path}`).read(path);
  }

  async list(path: string): Promise<readonly string[]> {
    return this.#seen(`list ${path}`).list(path);
  }

  async look(path: string): Promise<PathFacts | undefined> {
    return this.#seen(`look at ${path}`).look(path);
  }

  async digest(path: string): Promise<string | undefined> {
    return this.#seen(`read ${path}`).files.digest(path);
  }

  async ask(question: Question): Promise<Answer> {
    if (!isQuestion(question)) throw new Error(`not a read-only command: ${String(question)}; see ports/question.ts`);
    const machine = this.#seen(quote(question));
    const { teaching, words } = teachingFor(question) ?? this.#untaught(question);
    if (teaching.there?.(machine) === false) return { exitCode: 127, stdout: '', stderr: '' };
    return teaching.answer?.({ machine, words, input: '' }) ?? this.#untaught(question);
  }

  async write(path: string, content: string, mode = 0o644): Promise<void> {
    const machine = this.#machine;
    if (/^\/(proc|sys)\//.test(path)) return this.#writeKernel(path, content);
    await this.#put('write', path, content, mode, () => machine.files.put(replacementOf(path), content, 0o600));
  }

  async place(source: string, path: string, mode = 0o644): Promise<void> {
    const machine = this.#machine;
    const file = this.#sourceOf(source);
    if (file === undefined) {
      const said = `ENOENT: no such file or directory, copyfile '${source}' -> '${replacementOf(path)}'`;
      throw this.#fileFault(path, 'ENOENT', said);
    }
    const half = { ...file, size: Math.floor(file.size / 2), sha256: `torn ${file.sha256}` };
    await this.#put('place', path, file, mode, () => machine.files.put(replacementOf(path), half, 0o600));
    importPlaced(machine, path);
  }

  async remove(path: string): Promise<void> {
    const machine = this.#seen(`remove ${path}`);
    if (machine.files.look(path) === undefined && machine.files.look(replacementOf(path)) === undefined) return;
    const whole = () => {
      machine.files.remove(path);
      machine.files.remove(replacementOf(path));
    };
    await machine.change(`remove ${path}`, { takes: durableWrite, whole });
  }

  async run(command: readonly [string, ...string[]], { input = '' }: RunOptions = {}): Promise<string> {
    const machine = this.#machine;
    const what = `run ${quote(command)}`;
    machine.assertOn(what);
    const { teaching, words } = teachingFor(command) ?? this.#untaught(command);
    if (teaching.there?.(machine) === false) throw commandFault(this.name, command, { kind: 'absent' });
    const { act, torn } = teaching;
    if (act === undefined) return this.#untaught(command);
    const call = { machine, words, input };
    const takes = typeof teaching.takes === 'function' ? teaching.takes(call) : (teaching.takes ?? 0);
    return machine.change(what, {
      takes,
      whole: async () => this.#heard(command, await act(call)),
      torn: () => torn?.(call),
    });
  }

  async reboot(): Promise<never> {
    const machine = this.#machine;
    await machine.change('reboot', { takes: 3000, whole: () => machine.shutDown() });
    throw new Rebooting(`${this.name} restarts now`);
  }

  /** What the command said; a Fault when it was not well. */
  #heard(command: readonly string[], { exitCode, stdout, stderr }: Answer): string {
    if (exitCode !== 0) throw commandFault(this.name, command, { kind: 'exit', exitCode }, stderr || stdout);
    return stdout;
  }

  async #put(verb: string, path: string, content: string | SourceFile, mode: number, torn: () => void): Promise<void> {
    const machine = this.#machine;
    machine.assertOn(`${verb} ${path}`);
    const size = typeof content === 'string' ? Buffer.byteLength(content) : content.size;
    this.#refuseImpossible(path, size);
    const takes = durableWrite + (typeof content === 'string' ? 0 : size / bytesPerMillisecond);
    const whole = () => {
      machine.files.remove(replacementOf(path));
      machine.files.put(path, content, mode);
    };
    await machine.change(`${verb} ${path}`, { takes, whole, torn });
  }

  #refuseImpossible(path: string, size: number): void {
    const { troubles, files } = this.#machine;
    if (troubles.diskFull) {
      const space = {
        under: files.nearest(parent(path)),
        free: 0,
        size: this.#machine.view().mountAt(path)?.size ?? 0,
      };
      throw this.#fileFault(path, 'ENOSPC', 'ENOSPC: no space left on device, write', { size, space });
    }
    if (files.look(files.nearest(parent(path)))?.kind === 'file')
      throw this.#fileFault(path, 'ENOTDIR', `ENOTDIR: not a directory, mkdir '${parent(path)}'`);
    if (files.look(path)?.kind !== 'directory') return;
    const said = `EISDIR: illegal operation on a directory, rename '${replacementOf(path)}' -> '${path}'`;
    throw this.#fileFault(path, 'EISDIR', said);
  }

  #fileFault(path: string, code: string, said: string, more: Pick<FileTrouble, 'size' | 'space'> = {}): Fault {
    return fileFault({ host: this.name, doing: 'write', path, code, said, ...more });
  }

  /** A value of the kernel is set, not replaced. */
  async #writeKernel(path: string, content: string): Promise<void> {
    const machine = this.#machine;
    const key = path.startsWith('/proc/sys/') ? path.slice('/proc/sys/'.length).replaceAll('/', '.') : undefined;
    const set = () => key !== undefined && setSysctl(machine, key, content.trim());
    await machine.change(`write ${path}`, { takes: 1, whole: () => set() || this.#untaught(['write', path]) });
  }

  #sourceOf(source: string): SourceFile | undefined {
    const { files } = this.#machine;
    if (files.look(source)?.kind !== 'file') return this.#machine.source(source);
    const text = files.read(source) ?? '';
    return { sha256: files.digest(source) ?? '', size: files.look(source)?.size ?? 0, text };
  }

  #seen(doing: string): SimulatedMachine {
    this.#machine.assertOn(doing);
    return this.#machine;
  }

  #untaught(command: readonly string[]): never {
    const taught = `teach it in installer/src/simulation/host/commands`;
    throw new Error(`the simulated host ${this.name} was not taught “${quote(command)}”: ${taught}`);
  }
}
