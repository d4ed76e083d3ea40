import { describe, expect, it } from 'vitest';
import { checksumIn } from './checksums.ts';

const [one, two] = ['1a'.repeat(32), '2b'.repeat(32)];

describe('a list of checksums', () => {
  it('knows a file by its name, in text and in binary mode', () => {
    const list = `${one}  k3s\n${two} *k3s-airgap-images-amd64.tar.zst\n`;

    expect(checksumIn(list, 'https://x.example/v1%2Bk3s1/k3s')).toBe(one);
    expect(checksumIn(list, 'https://x.example/k3s-airgap-images-amd64.tar.zst')).toBe(two);
  });

  it('does not take one file for another whose name ends the same', () => {
    expect(checksumIn(`${one}  other-k3s\n${two}  k3s.sig\n`, 'https://x.example/k3s')).toBeUndefined();
  });

  it('of one bare digest is about what it was asked for', () => {
    expect(checksumIn(`${one.toUpperCase()}\n`, 'https://x.example/k3s')).toBe(one);
  });

  it('reads names with folders and escaped lines', () => {
    expect(checksumIn(`\\${one}  dist/node-v24.tar.xz\n`, 'https://x.example/node-v24.tar.xz')).toBe(one);
  });

  it('that is an error page names nothing', () => {
    expect(checksumIn('<html>404</html>', 'https://x.example/k3s')).toBeUndefined();
  });
});
