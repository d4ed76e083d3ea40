/** One line of docs/benchmarks.md. */
export interface Figure {
  readonly what: string;
  readonly command: string;
  readonly measured: string;
  readonly promise: string;
  readonly kept: boolean;
}

/** One comparison with a rival in the same run: seconds, medians. */
export interface Comparison {
  readonly name: string;
  readonly ours: number;
  readonly rival: number;
  /** How many times as fast as the rival. */
  readonly ratio: number;
}

export function median(all: readonly number[]): number {
  return all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)] as number;
}

/** The figures as a page shows them. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, command, measured, promise, kept }) =>
      `| ${what} | \`${command}\` | ${measured} | ${promise} | ${kept ? 'yes' : '**no**'} |`,
  );
  return `| what | command | measured | promised | kept |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

export function tell(figures: readonly Figure[]): void {
  for (const { what, measured, promise, kept } of figures)
    console.log(`${kept ? '✔' : '✖'} ${what}: ${measured} (promised ${promise})`);
}

/** What scripts/bench-bed.ts prints; times in milliseconds unless they say otherwise. */
interface Measured {
  readonly ours: { readonly first: number; readonly again: number; readonly mutating: number };
  readonly kubectl: { readonly first: number; readonly again: number };
  readonly p95: number;
  readonly whole: { readonly seconds: number; readonly megabytes: number };
}

export function bedFigures({ ours, kubectl, p95, whole }: Measured): readonly Figure[] {
  return [...againstKubectl(ours, kubectl), ...ofRuns(p95, whole)].map((one) => ({ command: 'scripts/bench', ...one }));
}

type Row = Omit<Figure, 'command'>;

function againstKubectl(ours: Measured['ours'], kubectl: Measured['kubectl']): readonly Row[] {
  const pair = (one: number, other: number) =>
    `${(one / 1000).toFixed(2)} s, ${(one / other).toFixed(2)} × kubectl (${(other / 1000).toFixed(2)} s)`;
  return [
    {
      what: 'first apply of every upstream manifest, whole processes, against `kubectl apply --server-side` of the same files',
      measured: pair(ours.first, kubectl.first),
      promise: '≤ 1.0 ×',
      kept: ours.first <= kubectl.first,
    },
    {
      what: 'the same again, when nothing differs',
      measured: `${pair(ours.again, kubectl.again)}, ${ours.mutating} mutating requests`,
      promise: '≤ 0.5 ×, 0 mutating requests',
      kept: ours.again <= kubectl.again / 2 && ours.mutating === 0,
    },
  ];
}

function ofRuns(p95: Measured['p95'], whole: Measured['whole']): readonly Row[] {
  return [
    {
      what: 'from a write that makes a gate true until the gate knows, p95 of 100',
      measured: `${p95.toFixed(1)} ms`,
      promise: '≤ 100 ms',
      kept: p95 <= 100,
    },
    {
      what: 'phases 3 to 11 on a real API server, doubles without delay',
      measured: `${whole.seconds.toFixed(0)} s`,
      promise: '≤ 60 s',
      kept: whole.seconds <= 60,
    },
    {
      what: 'memory of `novasphere apply` meanwhile',
      measured: `${whole.megabytes.toFixed(0)} MB`,
      promise: '≤ 200 MB',
      kept: whole.megabytes <= 200,
    },
  ];
}

/** What scripts/bench-operator.ts prints: seconds, milliseconds for p95, megabytes. */
export interface OperatorMeasured {
  readonly objects: number;
  readonly requests: number;
  readonly allReady: number;
  readonly p95: number;
  readonly at500: number;
  readonly at5000: number;
  readonly synced: number;
  readonly onTerm: number;
  readonly onCrash: number;
  readonly quiet: number;
  readonly quietFor: number;
}

/** What was found, what was promised as the most, and the unit. */
type Limit = readonly [what: string, found: number, most: number, unit: string, places?: number];

export function operatorFigures(found: OperatorMeasured): readonly Figure[] {
  const limits: readonly Limit[] = [
    ['200 Wukongs at once: 200 VirtualMachine objects after', found.objects, 3, 's', 1],
    ['… with so many requests of the operator', found.requests, 1000, 'requests'],
    ['… all of them Ready after', found.allReady, 15, 's', 1],
    ['creation → VirtualMachine object, p95 at 10 a second', found.p95, 150, 'ms'],
    [`requests but watches and the lease at 2,000 Wukongs in ${found.quietFor} s`, found.quiet, 0, 'requests'],
    ['resident memory at 500 Wukongs', found.at500, 120, 'MB'],
    ['resident memory at 5,000 Wukongs', found.at5000, 250, 'MB'],
    ['start until everything is synced, at 5,000 Wukongs', found.synced, 10, 's', 1],
    ['another copy leads after a SIGTERM', found.onTerm, 3, 's', 1],
    ['another copy leads after a SIGKILL', found.onCrash, 17, 's', 1],
  ];
  return limits.map(([what, value, most, unit, places = 0]) => ({
    what,
    command: 'scripts/bench operator',
    measured: `${value.toFixed(places)} ${unit}`,
    promise: most === 0 ? '0' : `≤ ${most.toLocaleString('en-GB')} ${unit}`,
    kept: value <= most,
  }));
}
