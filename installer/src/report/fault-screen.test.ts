import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import { faultScreen } from './fault-screen.ts';
import { paint } from './paint.ts';

const fault = new Fault({
  code: 'CLUSTER-UNREACHABLE',
  message: 'worker-2 cannot reach 10.0.0.10:6443',
  cause: 'connect timed out after 5 s (tried 12 times in 60 s)',
  where: ['host worker-2', 'step cluster/join'],
  remedy: [
    'nc -vz 10.0.0.10 6443          from worker-2',
    'open TCP 6443 between the nodes, then run  novasphere apply edge.yaml  again',
  ],
}).record();

describe('the screen of a fault', () => {
  it('says what is wrong, because of what, where, and what to type next', () => {
    expect(faultScreen(fault, { title: 'Join worker-2 to the cluster' })).toMatchInlineSnapshot(`
      "✖ Join worker-2 to the cluster
        worker-2 cannot reach 10.0.0.10:6443
        because  connect timed out after 5 s (tried 12 times in 60 s)
        where    host worker-2, step cluster/join
        try      nc -vz 10.0.0.10 6443          from worker-2
                 open TCP 6443 between the nodes, then run
                   novasphere apply edge.yaml  again
      "
    `);
  });

  it('tells the whole chain of causes, outermost first, and what was seen', () => {
    const root = new Fault({ code: 'HOST-DISK-FULL', message: 'no space is left on /var', remedy: ['df -h'] });
    const told = new Fault({
      code: 'COMPONENT-FAILED',
      message: 'Longhorn stays degraded',
      cause: new Error('pod longhorn-manager-x keeps ending', { cause: root }),
      evidence: ['level=fatal msg="no space left on device"', '\u001B[31mred\u001B[0m and \u0007 loud'],
      remedy: ['novasphere explain'],
    }).record();

    expect(faultScreen(told)).toMatchInlineSnapshot(`
      "✖ A component reports that it failed
        Longhorn stays degraded
        because  pod longhorn-manager-x keeps ending
                 no space is left on /var
        seen     level=fatal msg="no space left on device"
                 red and  loud
        try      novasphere explain
      "
    `);
  });

  it('breaks sentences at the width and leaves commands whole', () => {
    const long = { ...fault, message: `${'many words '.repeat(9)}end`, remedy: [`novasphere ${'x'.repeat(90)}`] };

    const lines = faultScreen(long, { columns: 60 }).split('\n');

    expect(lines.filter((line) => line.length > 60)).toEqual([`  try      novasphere ${'x'.repeat(90)}`]);
  });

  it('is told in ASCII where a terminal knows nothing else', () => {
    const strange = { ...fault, message: '“a” → ‹secret› … ≥ 3 × 名' };

    expect(faultScreen(strange, { unicode: false })).toMatchInlineSnapshot(`
      "x The API server does not answer
        "a" -> <secret> ... >= 3 x ?
        because  connect timed out after 5 s (tried 12 times in 60 s)
        where    host worker-2, step cluster/join
        try      nc -vz 10.0.0.10 6443          from worker-2
                 open TCP 6443 between the nodes, then run
                   novasphere apply edge.yaml  again
      "
    `);
  });

  it('reads the same with colours', () => {
    const coloured = stripVTControlCharacters(faultScreen(fault, { paint: paint(true) }));

    expect(coloured).toBe(faultScreen(fault));
  });
});
