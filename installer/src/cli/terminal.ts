import { knowsUnicode, toAscii } from '#report/ascii';
import { type Paint, paint } from '#report/paint';

/** The streams and the environment that a command line runs in; tests bring their own. */
export interface System {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly environment: Readonly<Record<string, string | undefined>>;
}
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Where a command writes. With `--output json` only JSON goes to stdout, everything for people to stderr. */
export interface Terminal {
  readonly output: 'text' | 'json';
  readonly verbose: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly columns: number;
  readonly unicode: boolean;
  readonly stdoutIsTTY: boolean;
  readonly stderrIsTTY: boolean;
  /** Whether there is somebody to ask. */
  readonly canAsk: boolean;
  /** Colours for what `print` and `tell` write. */
  readonly paint: Paint;
  readonly tellPaint: Paint;
  /** True once nobody reads stdout any more; what is written is dropped, the command goes on. */
  readonly isGone: boolean;
  /** The answer to what was asked: stdout as it is, in JSON mode stderr. */
  print(text: string): void;
  /** Beside the answer: stderr. */
  tell(text: string): void;
  /** One JSON value to stdout, in JSON mode only. */
  json(value: unknown): void;
  /** Text to stdout as it is, in both modes: for views and generated files. */
  raw(text: string): void;
  ask(question: string): Promise<string>;
  /** The same without showing what is typed. */
  askSecret(question: string): Promise<string>;
}

export interface TerminalOptions {
  readonly output?: string;
  readonly color?: boolean;
  readonly verbose?: boolean;
}

export function terminalOn(system: System, options: TerminalOptions): Terminal {
  const { environment } = system;
  const output = options.output === 'json' ? 'json' : 'text';
  const unicode = knowsUnicode(environment);
  const [stdout, stderr] = [outlet(system.stdout), outlet(system.stderr)];
  const shown = unicode ? (text: string) => text : toAscii;
  const noColour = options.color === false || Boolean(environment.NO_COLOR) || environment.TERM === 'dumb';
  const people = output === 'json' ? stderr : stdout;
  return {
    output,
    verbose: options.verbose === true,
    environment,
    columns: system.stdout.columns || 80,
    unicode,
    ...seats(system),
    paint: paint(!noColour && people.isTTY),
    tellPaint: paint(!noColour && stderr.isTTY),
    get isGone() {
      return stdout.isGone();
    },
    print: (text) => people.write(shown(text)),
    tell: (text) => stderr.write(shown(text)),
    json: (value) => {
      if (output === 'json') stdout.write(`${JSON.stringify(value)}\n`);
    },
    raw: (text) => stdout.write(text),
    ...questions(system, shown),
  };
}

function seats({ stdin, stdout, stderr }: System): Pick<Terminal, 'stdoutIsTTY' | 'stderrIsTTY' | 'canAsk'> {
  const [stdoutIsTTY, stderrIsTTY] = [stdout.isTTY === true, stderr.isTTY === true];
  return { stdoutIsTTY, stderrIsTTY, canAsk: stdin.isTTY === true && stderrIsTTY };
}

function questions({ stdin, stderr }: System, shown: (text: string) => string): Pick<Terminal, 'ask' | 'askSecret'> {
  return {
    ask: (question) => ask(stdin, stderr, shown(question)),
    askSecret: (question) => askSecret(stdin, stderr, shown(question)),
  };
}

/** A stream that may lose its reader (`| head`) or its terminal: then what is written to it is dropped. */
function outlet(sink: Sink) {
  let gone = false;
  sink.on('error', () => {
    gone = true;
  });
  return {
    isTTY: sink.isTTY === true,
    isGone: () => gone,
    write(text: string): void {
      if (!gone) sink.write(text);
    },
  };
}

async function ask(stdin: System['stdin'], sink: Sink, question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  sink.write(question);
  const lines = createInterface({ input: stdin });
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
  }
}

/** A terminal that line editing writes to shows nothing when nothing is behind it. */
async function askSecret(stdin: System['stdin'], sink: Sink, question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const { Writable } = await import('node:stream');
  sink.write(question);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output, terminal: stdin.isTTY === true });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    sink.write('\n');
  }
}
