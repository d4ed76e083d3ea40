import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('redact', () => {
  it.each([
    ['token: abc123', 'token: ‹secret›'],
    ['{"password":"p4ss word","user":"a"}', '{"password":‹secret›,"user":"a"}'],
    ['--api-key=xyz --other', '--api-key=‹secret› --other'],
    ['Authorization: Bearer eyJhbGciOi.x.y', 'Authorization: Bearer ‹secret›'],
    ['https://admin:hunter2@registry.example/v2', 'https://admin:‹secret›@registry.example/v2'],
    [`K10${'a'.repeat(64)}::server:b2c`, '‹secret›'],
    ['admin:$6$rounds$abcdefghijkl:1', 'admin:‹secret›:1'],
    ['-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----', '‹secret›'],
  ])('veils what looks like a secret in %j', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('leaves ordinary output alone', () => {
    const text = 'modprobe: FATAL: Module nosuch not found in directory /lib/modules/6.8.0-31-generic';

    expect(redact(text)).toBe(text);
  });
});
