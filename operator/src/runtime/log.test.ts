import { describe, expect, it } from 'vitest';
import { operatorLog } from './log.ts';

function rig() {
  const lines: string[] = [];
  const log = operatorLog({ write: (line: string) => void lines.push(line) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('the log of the operator', () => {
  it('is one JSON object a line: level, time, name, what happened and what it is about', () => {
    const { log, lines, last } = rig();

    log.info('reconcile failed', { controller: 'wukong', key: 'plant/press-3', error: 'two\nlines' });

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      name: 'wukong-operator',
      msg: 'reconcile failed',
      controller: 'wukong',
      key: 'plant/press-3',
      error: 'two\nlines',
    });
  });

  it('tells an error with its causes, and nothing that a library hung on it', () => {
    const { log, last } = rig();
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { headers: { authorization: 'Bearer abc' } });

    log.fatal('the operator ends', Object.assign(new Error('no answer', { cause }), { token: 'abc' }));

    expect(last()).toMatchObject({
      level: 'fatal',
      msg: 'the operator ends',
      error: { name: 'Error', message: 'no answer', cause: { message: 'connect ECONNREFUSED' } },
    });
    expect(JSON.stringify(last())).not.toContain('abc');
  });

  it('keeps back what is named like a secret', () => {
    const { log, last } = rig();

    log.info('seen', { password: 'abc', secret: { data: { userdata: 'abc' }, token: 'abc' } });

    expect(JSON.stringify(last())).not.toContain('abc');
    expect(last()).toMatchObject({ password: '(kept back)' });
  });

  it('tells what was thrown that is no error', () => {
    const { log, last } = rig();

    log.fatal('unhandledRejection', 'gone');

    expect(last()).toMatchObject({ error: { message: 'gone' } });
  });
});
