const SCALES: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity as a number: `250m` is 0.25, `64Mi` is 67108864. What is no quantity counts as 0. */
export function quantity(value: string | number | undefined): number {
  const found = /^([0-9.]+(?:e[0-9]+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(String(value ?? ''));
  return found === null ? 0 : Number(found[1]) * (SCALES[found[2] ?? ''] ?? 1);
}

/** Bytes as Kubernetes writes memory of a node: `16384256Ki`. */
export function kibibytes(bytes: number): string {
  return `${Math.floor(bytes / 1024)}Ki`;
}
