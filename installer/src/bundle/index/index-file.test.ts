import { describe, expect, it } from 'vitest';
import { parseIndex } from './index-file.ts';

const parse = (text: string) => parseIndex(Buffer.from(text), '/bundle');
const entry = (path: string) => `{path: ${JSON.stringify(path)}, sha256: ${'a'.repeat(64)}, size: 1}`;
const madeFor = (text: string) => `version: 1\nmadeFor: ${text}\nfiles: []\n`;

function refusal(text: string | Uint8Array): unknown {
  try {
    parseIndex(typeof text === 'string' ? Buffer.from(text) : text, '/bundle');
  } catch (error) {
    const { code, message, cause } = error as Error & { code: string };
    return { code, message, cause: cause instanceof Error ? cause.message.split('\n')[0] : cause };
  }
  return 'accepted';
}

describe('the index of a bundle', () => {
  it('names what the bundle is made for, and its files', () => {
    const index = parse(
      `version: 1\nmadeFor: {release: 0.1.0, architecture: arm64, series: noble}\nfiles: [${entry('a')}]`,
    );

    expect(index.madeFor).toEqual({ release: '0.1.0', architecture: 'arm64', series: 'noble' });
    expect([...index.files.keys()]).toEqual(['a']);
  });

  it('is made for nothing in particular where it says nothing, and for no series where it brings no packages', () => {
    expect(parse('version: 1\nfiles: []')).not.toHaveProperty('madeFor');
    expect(parse(madeFor('{release: 0.1.0, architecture: amd64}')).madeFor).not.toHaveProperty('series');
  });

  it.each([
    ['{release: 0.1, architecture: amd64}', 'madeFor.release: Invalid input: expected string, received number'],
    ['{release: "1", architecture: amd64}', 'madeFor.release: a version such as 0.1.0'],
    [
      '{release: 0.1.0, architecture: riscv64}',
      'madeFor.architecture: Invalid option: expected one of "amd64"|"arm64"',
    ],
    [
      '{release: 0.1.0, architecture: amd64, series: 24.04}',
      'madeFor.series: Invalid input: expected string, received number',
    ],
    ['{release: 0.1.0, architecture: amd64, site: a}', 'madeFor: Unrecognized key: "site"'],
  ])('is none when it is made for %s', (target, cause) => {
    expect(refusal(madeFor(target))).toEqual({
      code: 'BUNDLE-UNREADABLE',
      message: 'bundle.yaml is not an index',
      cause,
    });
  });

  it('contradicts itself when a stick would take two of its files for one', () => {
    expect(refusal(`version: 1\nfiles: [${entry('bin/k3s')}, ${entry('bin/K3S')}]`)).toEqual({
      code: 'BUNDLE-UNREADABLE',
      message: 'bundle.yaml contradicts itself',
      cause: 'it names bin/k3s and bin/K3S, which are one file on some media',
    });
  });

  it.each(['bundle.yaml', 'bundle.yaml.minisig'])('does not name %s', (path) => {
    expect([...parse(`version: 1\nfiles: [${entry(path)}]`).refused]).toEqual([
      [path, 'no index names itself or its signature'],
    ]);
  });

  it('is none in another encoding', () => {
    expect(refusal(Buffer.from([0x76, 0xff, 0xfe]))).toMatchObject({ message: 'bundle.yaml is not YAML' });
  });
});
