import type { WatchEvent } from './transport.ts';

/** More than any object that etcd would store. */
const longestLine = 16 * 1024 * 1024;

/** Decodes a watch stream, one event a line. A line that is no event breaks the stream: nothing is ever skipped. */
export async function* decodeWatch(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield event(line);
    if (rest.length > longestLine) throw new Error(`a line of a watch is longer than ${longestLine} characters`);
  }
  if (rest.trim() !== '') throw new Error('a watch ended in the middle of an event');
}

function event(line: string): WatchEvent {
  try {
    return JSON.parse(line) as WatchEvent;
  } catch (error) {
    throw new Error(`a watch sent a line that is no JSON: ${line.slice(0, 80)}`, { cause: error });
  }
}
