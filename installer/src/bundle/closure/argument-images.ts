/** A word of a command line in the light of the word before it. */
export interface Argument {
  /** `--engine-image`; absent for a word that belongs to no flag. */
  readonly flag?: string;
  readonly text: string;
  /** The flag says by its name that an image belongs here. */
  readonly isImage: boolean;
}

/** The words of a command: `--flag=value`, `--flag value`, and what stands for itself. */
export function argumentImages(words: readonly string[]): readonly Argument[] {
  return words.flatMap((word, index): readonly Argument[] => {
    const [, flag, value] = /^(--?[A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (flag !== undefined) return value === undefined ? [] : [{ flag, text: value, isImage: isImageFlag(flag) }];
    const before = words[index - 1] ?? '';
    if (/^--?[A-Za-z][\w.-]*$/.test(before)) return [{ flag: before, text: word, isImage: isImageFlag(before) }];
    return [{ text: word, isImage: false }];
  });
}

function isImageFlag(flag: string): boolean {
  return /image$/i.test(flag);
}
