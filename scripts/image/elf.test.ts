import { describe, expect, it } from 'vitest';
import { readElf } from './elf.ts';

/** The beginning of a program of 64 bits, little-endian, without segments. */
function header(machine: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

describe('what is no program for an image', () => {
  it.for([
    ['a script', Buffer.from('#!/bin/sh\n'.repeat(20))],
    ['an empty file', Buffer.alloc(0)],
    ['a program for 32 bits', Buffer.concat([Buffer.from('\x7fELF\x01\x01', 'latin1'), Buffer.alloc(128)])],
    ['a program for RISC-V', header(243)],
  ] as const)('is %s', ([, bytes]) => {
    expect(() => readElf(bytes, 'bin/node')).toThrow('bin/node is not a program for Linux on amd64 or arm64');
  });

  it('is one that is linked statically', () => {
    expect(() => readElf(header(62), 'bin/node')).toThrow(
      'bin/node names no shared libraries: it is linked statically',
    );
  });
});
