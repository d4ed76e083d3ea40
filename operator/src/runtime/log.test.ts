import { describe, expect, it } from 'vitest';
import { type LogOptions, operatorLog } from './log.ts';

function rig(about: Pick<LogOptions, 'level'> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = operatorLog({ destination, ...about });
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

  it('is also about what its owner is about', () => {
    const { log, last } = rig();

    log.with({ controller: 'wukong', key: 'plant/press-3' }).with({ reconcileID: 'r1' }).warn('late', { after: 3 });

    expect(last()).toMatchObject({
      level: 'warn',
      msg: 'late',
      controller: 'wukong',
      key: 'plant/press-3',
      reconcileID: 'r1',
      after: 3,
    });
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = rig({ level: 'warn' });

    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('seen');

    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'error']);
  });
});
