import { imageReference } from './image-reference.ts';

/** What upstream publishes with a release: a reference a line, `docker.io/` may be left away, `#` begins a comment. */
export interface ImageList {
  /** `lists/longhorn-images.txt` */
  readonly path: string;
  readonly text: string;
}

/** The images of a list, and the lines of it that name none. */
export function imagesOfList({ path, text }: ImageList): {
  readonly references: readonly string[];
  readonly findings: readonly string[];
} {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const read = lines.map((line, index) => ({ line, number: index + 1, reference: imageReference(line) }));
  const named = read.filter(({ line }) => line !== '');
  return {
    references: [...new Set(named.flatMap(({ reference }) => reference ?? []))],
    findings: named
      .filter(({ reference }) => reference === undefined)
      .map(({ line, number }) => `line ${number} of ${path} is no image: “${line}”`),
  };
}
