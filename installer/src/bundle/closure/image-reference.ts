/** `registry.example:5000`: what is before the first slash and has a dot or a port. A path is of lower case. */
const host = String.raw`(?:localhost|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+)(?::\d{1,5})?|localhost:\d{1,5}|[A-Za-z0-9-]+:\d{1,5}`;
const part = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;
const shape = new RegExp(
  String.raw`^(?:(?<host>${host})/)?(?<path>${part}(?:/${part})*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$`,
);

/** Longer than any: 255 of a name, 128 of a tag, 71 of a digest, and a scheme. A longer word is not even looked at. */
const longest = 480;

function read(text: string): Readonly<Record<string, string | undefined>> | undefined {
  return text.length > longest ? undefined : shape.exec(text.replace(/^docker:\/\//, ''))?.groups;
}

/**
 * The full name of what a field for an image says: `docker.io/library/busybox:1` for `busybox:1`, `…:latest` where it
 * names neither tag nor digest; `docker://` in front is left away. Undefined for what is no reference.
 * (github.com/distribution/reference, reference.go and normalize.go)
 */
export function imageReference(text: string): string | undefined {
  const { host: registry, path, tag, digest } = read(text) ?? {};
  if (path === undefined) return undefined;
  const ending = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return `${place(registry, path)}${ending === '' ? ':latest' : ending}`;
}

/** Docker's short names are short for its own registry. */
function place(registry: string | undefined, path: string): string {
  if (registry !== undefined && registry !== 'index.docker.io' && registry !== 'docker.io')
    return `${registry}/${path}`;
  return path.includes('/') ? `docker.io/${path}` : `docker.io/library/${path}`;
}

/**
 * The full name of a word that nobody said to be an image, in an argument or a text: it must have a path and a tag or a
 * digest; without the name of a registry the tag must look like a version, so that `apps/v1:Deployment` and
 * `web/metrics:9090` are none.
 */
export function evidentImage(word: string): string | undefined {
  const { host: registry, path, tag, digest } = read(word) ?? {};
  if (path === undefined) return undefined;
  if (tag === undefined && digest === undefined) return undefined;
  if (word.startsWith('docker://') || registry !== undefined) return imageReference(word);
  const isVersion = digest !== undefined || (/\d/.test(tag ?? '') && !/^\d{2,5}$/.test(tag ?? ''));
  return path.includes('/') && isVersion ? imageReference(word) : undefined;
}

/** Every image that a text names: a script, a YAML file, a JSON document. */
export function evidentImages(text: string): readonly string[] {
  const words = text.split(/[\s"'`=,;|&<>()[\]{}]+/);
  return words.flatMap((word) => evidentImage(word.replace(/[.:]+$/, '')) ?? []);
}
