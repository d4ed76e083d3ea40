import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '#kube/object';

const folder = join(import.meta.dirname, '../../../operator/samples');

/** The objects of a kind in the samples that are shipped, each with its file. */
export function samplesOf(kind: string): readonly (readonly [file: string, object: KubeObject])[] {
  return globSync('*.yaml', { cwd: folder })
    .toSorted()
    .flatMap((file) => objectsIn(file).map((object): [string, KubeObject] => [file, object]))
    .filter(([, object]) => object.kind === kind);
}

export const sampleFiles: readonly string[] = globSync('*.yaml', { cwd: folder }).map((file) => basename(file));

/** The examples in the reference page. */
export function documented(): readonly KubeObject[] {
  const page = readFileSync(join(folder, '../../docs/reference/wukong.md'), 'utf8');
  return [...page.matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, text]) => loadAll(text as string) as KubeObject[]);
}

function objectsIn(file: string): readonly KubeObject[] {
  return loadAll(readFileSync(join(folder, file), 'utf8')) as KubeObject[];
}
