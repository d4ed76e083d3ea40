/** Whether one resource version came before another; false where they are no numbers and cannot be compared. */
export function isOlder(one: string, other: string): boolean {
  if (!/^\d+$/.test(one) || !/^\d+$/.test(other)) return false;
  return BigInt(one) < BigInt(other);
}
