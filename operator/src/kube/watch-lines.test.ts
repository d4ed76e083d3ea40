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

  it.each(['null', '"ADDED"', '[]', '{"kind":"Status"}', '{"type":"RENAMED","object":{}}'])(
    'breaks at %s, which is JSON and no event',
    async (line) => {
      await expect(decoded(`${line}\n`)).rejects.toThrow(`a watch sent a line that is no event: ${line}`);
    },
  );

  it('breaks at a line that is longer than any object, before it has all of it', async () => {
    let sent = 0;
    const endless = async function* () {
      for (;;) {
        sent += 1024 * 1024;
        yield new Uint8Array(1024 * 1024).fill(120);
      }
    };

    await expect(Array.fromAsync(decodeWatch(endless()))).rejects.toThrow(
      'a line of a watch is longer than 16777216 bytes',
    );
    expect(sent).toBe(17 * 1024 * 1024);
  });

  it('breaks at bytes that are no text', async () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 10);

    await expect(Array.fromAsync(decodeWatch(inPieces(bytes, [])))).rejects.toThrow(TypeError);
  });

  it('breaks when it ends in the middle of an event', async () => {
    await expect(decoded('{"type":"ADDED"')).rejects.toThrow('a watch ended in the middle of an event');
  });
});
