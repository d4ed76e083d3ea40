import type { Logs } from '#simulation/bench';

/** What containers have printed, by `namespace/pod/container`. */
export class PodLogs implements Logs {
  readonly #text = new Map<string, string>();

  append(container: string, text: string): void {
    const before = this.#text.get(container) ?? '';
    this.#text.set(container, before + (text.endsWith('\n') || text === '' ? text : `${text}\n`));
  }

  clear(container: string): void {
    this.#text.delete(container);
  }

  /** Undefined while the container has not printed or never ran. */
  read(container: string, tailLines?: number): string | undefined {
    const text = this.#text.get(container);
    if (text === undefined || tailLines === undefined) return text;
    const lines = text.replace(/\n$/, '').split('\n').slice(-tailLines);
    return tailLines === 0 ? '' : `${lines.join('\n')}\n`;
  }
}
