const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** 1920383410176 → `1.7 TiB`, for people. */
export function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const value = bytes / 2 ** (10 * power);
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`;
}
