import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { viewKind } from './choose-view.ts';
import { confirm } from './confirm.ts';
import { interruption } from './interruption.ts';
import { optionNames } from './option-names.ts';
import { terminalOn } from './terminal.ts';

const seat = { output: 'text', stdoutIsTTY: true, term: 'xterm-256color' } as const;

describe('the choice of a view', () => {
  it('draws on a terminal', () => {
    expect(viewKind(seat)).toBe('listr');
  });

  it.for(['dumb', 'vt100', 'vt220', 'linux', 'ansi', 'unknown', ''])(
    'writes plain lines on a terminal of kind “%s”',
    (term) => {
      expect(viewKind({ ...seat, term })).toBe('plain');
    },
  );

  it('writes plain lines into a pipe, and JSON when asked to, also on a terminal', () => {
    expect(viewKind({ ...seat, stdoutIsTTY: false })).toBe('plain');
    expect(viewKind({ ...seat, output: 'json' })).toBe('json');
  });
});

function system(options: { tty?: boolean; environment?: Record<string, string>; answer?: string } = {}) {
  const written = { out: '', err: '' };
  const sink = (key: 'out' | 'err') =>
    Object.assign(new EventEmitter(), {
      isTTY: options.tty === true,
      columns: 80,
      write: (text: string) => {
        written[key] += text;
      },
    });
  const stdin = Object.assign(new PassThrough(), { isTTY: options.tty === true });
  stdin.end(options.answer ?? '');
  return {
    written,
    stdin,
    stdout: sink('out'),
    stderr: sink('err'),
    environment: options.environment ?? { LANG: 'C.UTF-8', TERM: 'xterm' },
  };
}

describe('the terminal', () => {
  it.for([
    ['NO_COLOR', { environment: { NO_COLOR: '1', TERM: 'xterm' } }, {}],
    ['--no-color', {}, { color: false }],
    ['TERM=dumb', { environment: { TERM: 'dumb' } }, {}],
    ['a pipe', { tty: false }, {}],
  ] as const)('has no colours with %s', ([, about, options]) => {
    expect(terminalOn(system({ tty: true, ...about }), options).paint.red('x')).toBe('x');
  });

  it('has colours otherwise', () => {
    expect(terminalOn(system({ tty: true }), {}).paint.red('x')).toBe('\u001B[31mx\u001B[39m');
  });

  it('speaks ASCII where the locale knows nothing else', () => {
    const place = system({ environment: { LANG: 'C', TERM: 'xterm' } });

    terminalOn(place, {}).print('✔ “done” → fine\n');

    expect(place.written.out).toBe('+ "done" -> fine\n');
  });

  it('sends text for people to stderr when stdout is for JSON', () => {
    const place = system();
    const terminal = terminalOn(place, { output: 'json' });

    terminal.print('for people\n');
    terminal.json({ for: 'scripts' });

    expect(place.written).toEqual({ out: '{"for":"scripts"}\n', err: 'for people\n' });
  });

  it('goes on quietly when nobody reads any more', () => {
    const place = system();
    const terminal = terminalOn(place, {});

    place.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    terminal.print('lost\n');

    expect(terminal.isGone).toBe(true);
    expect(place.written.out).toBe('');
  });
});

describe('the confirmation', () => {
  const about = { yes: false, question: 'Make these 44 changes on plant-7-a?' };

  it('goes on after yes', async () => {
    const place = system({ tty: true, answer: 'yes\n' });

    await confirm(terminalOn(place, {}), about);

    expect(place.written.err).toBe('Make these 44 changes on plant-7-a?  Type yes to go on: ');
  });

  it.for(['no\n', 'y\n', '\n', ''])('goes no further after %j', async (answer) => {
    await expect(confirm(terminalOn(system({ tty: true, answer }), {}), about)).rejects.toMatchObject({
      code: 'CONFIRMATION-MISSING',
      exitCode: 6,
    });
  });

  it('goes no further where there is nobody to ask, unless --yes was given', async () => {
    const terminal = terminalOn(system(), {});

    await expect(confirm(terminal, about)).rejects.toMatchObject({ cause: 'there is no terminal to ask on' });
    await expect(confirm(terminal, { ...about, yes: true })).resolves.toBeUndefined();
  });
});

describe('the interruption', () => {
  function heard() {
    const source = new EventEmitter() as EventEmitter & { ended?: number };
    const said: string[] = [];
    const signal = interruption(
      Object.assign(source, {
        exit: (code: number) => {
          source.ended = code;
        },
      }),
      (text) => said.push(text),
    );
    return { source, said, signal };
  }

  it('asks for the safe point first, and ends at once the second time', () => {
    const { source, said, signal } = heard();

    source.emit('SIGINT');
    expect([signal.aborted, source.ended, said.length]).toEqual([true, undefined, 1]);

    source.emit('SIGTERM');
    expect(source.ended).toBe(5);
  });

  it('does not stop because the terminal has vanished', () => {
    const { source, signal } = heard();

    source.emit('SIGHUP');

    expect([signal.aborted, source.ended]).toEqual([false, undefined]);
  });
});

describe('the table of options', () => {
  it.for([
    ['--yes', { long: '--yes', valueIsOptional: false }],
    ['-o, --out FILE', { short: '-o', long: '--out', value: 'FILE', valueIsOptional: false }],
    ['--serve [PORT]', { long: '--serve', value: 'PORT', valueIsOptional: true }],
    ['--mishap NAME[@STEP]', { long: '--mishap', value: 'NAME[@STEP]', valueIsOptional: false }],
  ] as const)('reads “%s”', ([flags, names]) => {
    expect(optionNames({ flags, about: '' })).toEqual(names);
  });
});
