/** A package URL: `pkg:deb/ubuntu/chrony@4.5-1?arch=amd64`. Parts are plain text; empty qualifiers are left out. */
export interface PackageUrl {
  readonly type: 'github' | 'generic' | 'oci' | 'deb';
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
  readonly subpath?: string;
}

/** Its canonical text, as the package-url specification writes it. */
export function packageUrlText({ type, namespace, name, version, qualifiers = {}, subpath }: PackageUrl): string {
  const query = Object.entries(qualifiers)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encoded(value, '/')}`]))
    .sort()
    .join('&');
  return [
    `pkg:${type}/`,
    namespace === undefined ? '' : `${encoded(namespace, '/')}/`,
    encoded(name),
    version === undefined ? '' : `@${encoded(version)}`,
    query === '' ? '' : `?${query}`,
    subpath === undefined ? '' : `#${encoded(subpath, '/')}`,
  ].join('');
}

/** A colon is never encoded; a slash is kept where it separates. */
function encoded(text: string, kept = ''): string {
  const all = encodeURIComponent(text).replaceAll('%3A', ':');
  return kept === '/' ? all.replaceAll('%2F', '/') : all;
}

export interface Download {
  readonly url: string;
  /** Of what is downloaded; hex. */
  readonly sha256: string;
  /** The component that it belongs to. */
  readonly name: string;
  readonly version: string;
}

/** Where a file comes from: a release or a commit on GitHub, a part of this product, or any other address. */
export function downloadUrl({ url, sha256, name, version }: Download): PackageUrl {
  if (url.startsWith('checkout:'))
    return { type: 'generic', name: 'novasphere', version, subpath: url.slice('checkout:'.length) };
  const { host, pathname } = new URL(url);
  const [owner = '', repository = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
  // GitHub's names do not depend on case, and are written in small letters.
  const github = { type: 'github', namespace: owner.toLowerCase(), name: repository.toLowerCase() } as const;
  if (host === 'raw.githubusercontent.com')
    return { ...github, version: rest[0] ?? '', subpath: rest.slice(1).join('/') };
  const qualifiers = { checksum: `sha256:${sha256}`, download_url: url };
  if (host === 'github.com' && rest[0] === 'releases') return { ...github, version: rest[2] ?? '', qualifiers };
  return { type: 'generic', name, version, qualifiers };
}

/** An image by its reference with a tag; `digest` where it is known. */
export function imageUrl(reference: string, architecture: string, digest?: string): PackageUrl {
  const { repository, tag } = namedBy(reference);
  return {
    type: 'oci',
    name: repository.split('/').at(-1) ?? repository,
    ...(digest === undefined ? {} : { version: digest }),
    qualifiers: { arch: architecture, repository_url: repository, tag },
  };
}

/** `quay.io/kubevirt/virt-api:v1.8.4` → `quay.io/kubevirt/virt-api` and `v1.8.4` */
export function namedBy(reference: string): { readonly repository: string; readonly tag: string } {
  const colon = reference.lastIndexOf(':');
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
