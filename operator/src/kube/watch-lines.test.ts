import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchEvent } from './transport.ts';
import { decodeWatch } from './watch-lines.ts';

async function* inPieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
  for (const [index, from] of at.slice(0, -1).entries()) yield bytes.subarray(from, at[index + 1]);
}

async function decoded(text: string, cuts: readonly number[] = []): Promise<WatchEvent[]> {
  return Array.fromAsync(decodeWatch(inPieces(new TextEncoder().encode(text), cuts)));
}

describe('a watch stream', () => {
  it('is read alike however it is cut, in the middle of a letter too', async () => {
    const events = [
      { type: 'ADDED', object: { note: 'größer 😀' } },
      { type: 'BOOKMARK', object: {} },
    ];
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');

    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200)), async (cuts) => {
        expect(await decoded(text, cuts)).toEqual(events);
      }),
    );
  });

  it('breaks at a line that is no event, and never skips it', async () => {
    await expect(decoded('{"type":"ADDED","object":{}}\n{"type":"ADD\n')).rejects.toThrow(
      'a watch sent a line that is no JSON: {"type":"ADD',
    );
  });

  it('breaks when it ends in the middle of an event', async () => {
    await expect(decoded('{"type":"ADDED"')).rejects.toThrow('a watch ended in the middle of an event');
  });
});
