import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bootCounter } from './boot-counter.ts';

describe('the script of the sample VM', () => {
  it('is one that a shell understands, also the part that it writes down for later boots', () => {
    const inner = bootCounter.split("<<'END'\n")[1]?.split('\nEND\n')[0] ?? '';

    for (const script of [bootCounter, inner])
      expect(() => execFileSync('sh', ['-n'], { input: script, stdio: ['pipe', 'ignore', 'pipe'] })).not.toThrow();
    expect(inner).toContain('novasphere-boot=');
  });

  it('is one that CirrOS runs', () => {
    expect(bootCounter.startsWith('#!/bin/sh\n')).toBe(true);
  });
});
