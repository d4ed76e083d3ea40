import { describe, expect, it } from 'vitest';
import { connectionTrouble } from './connection-trouble.ts';
import { setbackFault } from './setback.ts';

const url = new URL('https://github.com/k3s');
const failing = (code: string) => Object.assign(new Error(`secret words of ${code}`), { code });
const told = (error: unknown, proxy?: string) =>
  setbackFault(connectionTrouble(error, { url, proxy }), { name: 'bin/k3s', url: url.href, tries: 1, spent: 0 });

describe('what a network says', () => {
  it.each([
    ['ENOTFOUND', 'the name github.com is not known', false],
    ['EAI_AGAIN', 'no name server tells the address of github.com', true],
    ['ECONNREFUSED', 'github.com refuses connections', true],
    ['ECONNRESET', 'the connection to github.com was cut', true],
    ['EHOSTUNREACH', 'there is no way to github.com', true],
    ['UND_ERR_CONNECT_TIMEOUT', 'github.com does not answer', true],
    ['UND_ERR_HEADERS_TIMEOUT', 'github.com takes the request and does not answer it', true],
    ['UND_ERR_BODY_TIMEOUT', 'github.com stopped sending in the middle', true],
    ['CERT_HAS_EXPIRED', 'the certificate of github.com has expired', false],
  ])('%s: %s', (code, sentence, mayPass) => {
    expect(told(failing(code)).message).toBe(`cannot download bin/k3s: ${sentence}`);
    expect(connectionTrouble(failing(code), { url, proxy: undefined }).about.mayPass).toBe(mayPass);
  });

  it('blames the proxy where one is on the way', () => {
    expect(told(failing('ENOTFOUND'), 'proxy.example:3128').message).toBe(
      'cannot download bin/k3s: the name proxy.example is not known',
    );
    expect(told(failing('ECONNREFUSED'), 'proxy.example:3128').message).toBe(
      'cannot download bin/k3s: the proxy proxy.example:3128 refuses connections',
    );
  });

  it('is found in the causes of an error and in its parts', () => {
    const parts = new AggregateError([failing('ECONNREFUSED'), failing('ECONNREFUSED')]);
    expect(told(new Error('fetch failed', { cause: parts })).message).toContain('refuses connections');
  });

  it('is told in its own words where nobody knows it, without a password', () => {
    const fault = told(new Error('odd: http://me:hunter2@proxy.example, password=hunter2'));
    expect([fault.message, fault.cause]).toEqual([
      'cannot download bin/k3s: the connection to github.com failed',
      'odd: http://proxy.example, password=‹secret›',
    ]);
  });
});
