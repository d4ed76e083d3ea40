/** One line of docs/benchmarks.md. */
export interface Figure {
  readonly what: string;
  readonly command: string;
  readonly measured: string;
  readonly promise: string;
  readonly kept: boolean;
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
