import type { WatchEvent } from './transport.ts';

/** Bytes; more than any object that etcd would store. */
const longestLine = 16 * 1024 * 1024;
const newline = 10;
const types: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

/** Decodes a watch stream, one event a line. A line that is no event breaks the stream: nothing is ever skipped. */
export async function* decodeWatch(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      const line = text([...held, chunk.subarray(from, end)]);
      [held, size, from] = [[], 0, end + 1];
      if (line !== '') yield event(line);
    }
    if (from === chunk.length) continue;
    held.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > longestLine) throw new Error(`a line of a watch is longer than ${longestLine} bytes`);
  }
  if (text(held) !== '') throw new Error('a watch ended in the middle of an event');
}

/** Decoded as a whole: a letter may have been cut in two on the way. */
function text(pieces: readonly Uint8Array[]): string {
  const [first] = pieces;
  const bytes = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
}

function event(line: string): WatchEvent {
  const value = parsed(line);
  if (types.has(value?.type)) return value as WatchEvent;
  throw new Error(`a watch sent a line that is no event: ${line.slice(0, 80)}`);
}

function parsed(line: string): Partial<WatchEvent> | null {
  try {
    return JSON.parse(line) as Partial<WatchEvent> | null;
  } catch (error) {
    throw new Error(`a watch sent a line that is no JSON: ${line.slice(0, 80)}`, { cause: error });
  }
}
