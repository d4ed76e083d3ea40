import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy-environment.ts';

const there = 'https://plant-7.example.com:6443';
const proxies = { HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'http://plain:3128' };

describe('the proxy of the environment', () => {
  it('is the one for the protocol of the server, in capitals or not, with or without a protocol of its own', () => {
    expect(proxyFor(there, proxies)).toBe('http://proxy:3128');
    expect(proxyFor('http://plant-7.example.com', proxies)).toBe('http://plain:3128');
    expect(proxyFor(there, { https_proxy: 'proxy:3128' })).toBe('http://proxy:3128');
    expect(proxyFor(there, { HTTP_PROXY: 'http://plain:3128' })).toBeUndefined();
    expect(proxyFor(there, { HTTPS_PROXY: '' })).toBeUndefined();
  });

  it.each(['https://127.0.0.1:6443', 'https://localhost:6443', 'https://[::1]:6443'])('is none for %s', (server) => {
    expect(proxyFor(server, proxies)).toBeUndefined();
  });

  it.each<readonly [string, string, boolean]>([
    ['example.com', there, true],
    ['.example.com', there, true],
    ['*.example.com', there, true],
    ['.example.com', 'https://example.com', false],
    ['example.com', 'https://otherexample.com', false],
    ['other.org, plant-7.example.com', there, true],
    ['plant-7.example.com:6443', there, true],
    ['plant-7.example.com:443', there, false],
    ['PLANT-7.example.com', there, true],
    ['*', there, true],
    ['', there, false],
    ['192.0.2.10', 'https://192.0.2.10:6443', true],
    ['192.0.2.10:6443', 'https://192.0.2.10:6443', true],
    ['192.0.2.0/24', 'https://192.0.2.10:6443', true],
    ['192.0.2.0/24', 'https://198.51.100.10:6443', false],
    ['192.0.2.0/24', there, false],
    ['2001:db8::/32', 'https://[2001:db8::7]:6443', true],
    ['2001:db8::7', 'https://[2001:db8::7]:6443', true],
    ['nonsense/64', 'https://192.0.2.10', false],
  ])('with NO_PROXY=%s on the way to %s is left out: %s', (exceptions, server, leftOut) => {
    expect(proxyFor(server, { ...proxies, NO_PROXY: exceptions }) === undefined).toBe(leftOut);
  });
});
