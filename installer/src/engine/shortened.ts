/** The first so many lines of evidence; the rest is counted. */
export function shortened(lines: readonly string[], shown: number): readonly string[] {
  const more = lines.length - shown;
  return more > 0 ? [...lines.slice(0, shown), `and ${more} more`] : lines;
}
