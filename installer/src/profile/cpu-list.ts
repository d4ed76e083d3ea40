/** `0-1,4` → 0, 1, 4. The text must have the form that the schema demands. */
export function cpusOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  });
}
