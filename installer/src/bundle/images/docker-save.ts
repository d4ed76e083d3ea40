import { posix } from 'node:path';
import { z } from 'zod';
import { imageReference } from '../closure/image-reference.ts';
import type { ArchiveFile } from './archive-files.ts';
import type { HeldImage } from './held-image.ts';

type Files = ReadonlyMap<string, ArchiveFile>;

/** `manifest.json` of `docker save`. (github.com/moby/moby, image/tarexport/tarexport.go) */
const schema = z.array(
  z.object({ Config: z.string(), RepoTags: z.array(z.string()).nullable(), Layers: z.array(z.string()).nullable() }),
);
type Saved = z.infer<typeof schema>[number];

const configuration = z.object({ rootfs: z.object({ diff_ids: z.array(z.string()) }) });

/** The images of an archive of `docker save`; undefined where it is none. It does not tell digests of manifests. */
export function imagesOfDocker(files: Files): readonly HeldImage[] | undefined {
  const text = files.get('manifest.json')?.text;
  if (text === undefined) return undefined;
  const { success, data = [] } = schema.safeParse(parsed(text));
  if (!success) return undefined;
  return data.flatMap((saved) =>
    (saved.RepoTags ?? []).flatMap((tag) => {
      const reference = imageReference(tag);
      return reference === undefined ? [] : [heldBy(reference, saved, files)];
    }),
  );
}

function heldBy(reference: string, { Config: config, Layers: layers }: Saved, files: Files): HeldImage {
  const paths = [...new Set([config, ...(layers ?? [])])];
  const size = paths.reduce((sum, path) => sum + (files.get(path)?.size ?? 0), 0);
  const problems = [
    ...problemOf('configuration', { path: config, sha256: posix.basename(config, '.json') }, files),
    ...(layers ?? []).flatMap((path, index) => problemOf('layer', { path, sha256: hashOf(index) }, files)),
  ];
  return { reference, size, problems };

  /** The layers lie there as they are unpacked, and so the configuration knows their digests. */
  function hashOf(index: number): string | undefined {
    const { data } = configuration.safeParse(parsed(files.get(config)?.text ?? ''));
    return data?.rootfs.diff_ids[index]?.replace(/^sha256:/, '');
  }
}

function problemOf(what: string, wanted: { path: string; sha256: string | undefined }, files: Files): string[] {
  const found = files.get(wanted.path);
  if (found === undefined) return [`${what} ${wanted.path} is missing`];
  return found.sha256 === wanted.sha256 ? [] : [`${what} ${wanted.path} is damaged`];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
