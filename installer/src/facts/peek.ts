import type { HostSight } from '#ports/host';
import type { Question } from '#ports/question';

/** Looks at a machine that may lack anything: what is not there, or not allowed, is empty. */
export interface Peek {
  /** A file's text without surrounding white space. */
  text(path: string): Promise<string>;
  raw(path: string): Promise<string>;
  list(path: string): Promise<readonly string[]>;
  has(path: string): Promise<boolean>;
  /** What a command printed, also when it then failed. */
  answer(question: Question): Promise<string>;
}

export function peekAt(host: HostSight): Peek {
  const raw = async (path: string) => (await orElse(host.read(path), undefined)) ?? '';
  return {
    raw,
    text: async (path) => (await raw(path)).trim(),
    list: (path) => orElse(host.list(path), []),
    has: async (path) => (await orElse(host.look(path), undefined)) !== undefined,
    answer: async (question) => (await orElse(host.ask(question), undefined))?.stdout.trim() ?? '',
  };
}

/** Many values under /sys answer with an error while they mean nothing, such as the speed of a link that is down. */
async function orElse<T>(work: Promise<T>, instead: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (/^HOST-(FILE|PERMISSION|COMMAND)$/.test(code ?? '')) return instead;
    throw error;
  }
}
