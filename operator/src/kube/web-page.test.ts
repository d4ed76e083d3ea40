import { describe, expect, it } from 'vitest';
import type { Request } from './transport.ts';
import { refuseWebPage } from './web-page.ts';

const asked: Request = { method: 'GET', path: '/api/v1/pods' };
const headers = { 'content-type': 'text/html; charset=utf-8' };
const page = '<html><head><title>Sign in to the network</title></head></html>';

describe('a web page in the place of an answer', () => {
  it.each([200, 302, 403, 404])('is refused with what it is called, HTTP %d', (statusCode) => {
    expect(() => refuseWebPage(asked, { statusCode, headers }, page)).toThrow(
      `GET /api/v1/pods was answered with a web page ("Sign in to the network"), HTTP ${statusCode}: not the API server has answered, but something on the way to it, as a proxy does`,
    );
  });

  it('is refused without a title too', () => {
    expect(() => refuseWebPage(asked, { statusCode: 200, headers }, '<p>')).toThrow(
      'was answered with a web page, HTTP 200:',
    );
  });

  it('is left to who asked where a gateway says that the server is away', () => {
    expect(() => refuseWebPage(asked, { statusCode: 502, headers }, page)).not.toThrow();
  });

  it('is left to who asked where it is not about objects: whether that is a cluster at all', () => {
    const version: Request = { method: 'GET', path: '/version' };

    expect(() => refuseWebPage(version, { statusCode: 200, headers }, page)).not.toThrow();
  });

  it('is what was asked for behind a Service', () => {
    const path = '/api/v1/namespaces/x/services/y:80/proxy/index.html';

    expect(() => refuseWebPage({ method: 'GET', path }, { statusCode: 200, headers }, page)).not.toThrow();
  });
});
