import { describe, expect, it } from 'vitest';
import { keyIdOf } from './minisign-text.ts';

describe('the number of a key', () => {
  it('is shown as minisign does: turned round, and without zeros in front', () => {
    expect(keyIdOf(Buffer.from('09a7c986bf983053', 'hex'))).toBe('533098BF86C9A709');
    expect(keyIdOf(Buffer.from('794677aea49b660a', 'hex'))).toBe('A669BA4AE774679');
    expect(keyIdOf(new Uint8Array(8))).toBe('0');
  });
});
