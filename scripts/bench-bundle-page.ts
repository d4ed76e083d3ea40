import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchFigures } from './bench-bundle-fetch.ts';
import { bundleImageFigures } from './bench-bundle-images.ts';
import { bundleVerifyFigures } from './bench-bundle-verify.ts';
import { type Comparison, type Figure, tableOf, tell } from './bench-figures.ts';

/** The figures of the bundle, some three minutes long; `--write` writes docs/benchmarks-bundle.md. */

function figuresOf(rows: readonly Comparison[], rival: string, promise: number): readonly Figure[] {
  return rows.map(({ name, ours, rival: theirs, ratio }) => ({
    what: name,
    command: 'scripts/bench bundle',
    measured: `${ours.toFixed(2)} s, ${ratio.toFixed(2)} × ${rival} (${theirs.toFixed(2)} s)`,
    promise: `≥ ${promise} ×`,
    kept: ratio >= promise,
  }));
}

const images = await bundleImageFigures();
const figures: readonly Figure[] = [
  ...figuresOf(await fetchFigures(), '`curl -Z`', 0.8),
  ...figuresOf(images.rows, '`skopeo copy`', 0.8),
  {
    what: 'the archive of ten images that share a layer',
    command: 'scripts/bench bundle',
    measured: `${images.dedup.toFixed(2)} : 1`,
    promise: 'shared layers once',
    kept: images.dedup > 1.5,
  },
  ...figuresOf(await bundleVerifyFigures(), '`sha256sum` with `xargs -P`', 0.9),
];
tell(figures);
if (process.argv.includes('--write')) writeFileSync(join(import.meta.dirname, '../docs/benchmarks-bundle.md'), page());

function page(): string {
  return `# Benchmarks of the bundle

Written by \`scripts/bench bundle --write\` (Node ${process.versions.node}, ${process.arch}): over loopback, with a warm page cache, each paired with its rival in turn; medians. × tells how many times as fast ours is.

${tableOf(figures)}`;
}
