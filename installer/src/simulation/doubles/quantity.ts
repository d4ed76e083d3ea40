import { Quantity } from '#kube/quantity';

/** A Kubernetes quantity as a number: `250m` is 0.25, `64Mi` is 67108864. What is no quantity counts as 0. */
export function quantity(value: string | number | undefined): number {
  return Quantity.read(String(value ?? ''))?.asNumber ?? 0;
}

/** Bytes as Kubernetes writes memory of a node: `16384256Ki`. */
export function kibibytes(bytes: number): string {
  return `${Math.floor(bytes / 1024)}Ki`;
}
