import { describe, expect, it } from 'vitest';
import { isDirect } from './no-proxy.ts';

describe('NO_PROXY', () => {
  it.each([
    ['example.com', 'https://example.com/x'],
    ['example.com', 'https://www.EXAMPLE.com/x'],
    ['.example.com', 'https://example.com./x'],
    ['*.example.com', 'https://www.example.com/x'],
    ['a.example, example.com:8443', 'https://example.com:8443/x'],
    ['example.com:443', 'https://example.com/x'],
    ['127.0.0.1', 'http://127.0.0.1:8080/x'],
    ['10.0.0.0/8 192.168.0.0/16', 'http://192.168.7.1/x'],
    ['::1', 'http://[::1]:8080/x'],
    ['[::1]:8080', 'http://[::1]:8080/x'],
    ['fd00::/8', 'http://[fd00::7]/x'],
    ['none.example,*', 'https://example.com/x'],
  ])('%s lets %s go past the proxy', (noProxy, url) => {
    expect(isDirect(new URL(url), noProxy)).toBe(true);
  });

  it.each([
    ['', 'https://example.com/x'],
    ['example.com', 'https://badexample.com/x'],
    ['*.example.com', 'https://example.com/x'],
    ['example.com:8443', 'https://example.com/x'],
    ['10.0.0.0/8', 'http://11.0.0.1/x'],
    ['10.0.0.0/99', 'http://10.0.0.1/x'],
    ['fd00::/8', 'http://10.0.0.1/x'],
  ])('“%s” does not let %s go past it', (noProxy, url) => {
    expect(isDirect(new URL(url), noProxy)).toBe(false);
  });
});
