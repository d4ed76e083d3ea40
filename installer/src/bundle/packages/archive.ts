import type { MediumInfo } from './medium-info.ts';

/** Where the packages of a series come from. */
export interface Archive {
  /** Address without a slash at the end: `http://archive.ubuntu.com/ubuntu`. */
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** File with the keys that its package lists are signed with. */
  readonly keyring: string;
}

const ubuntuKeyring = '/usr/share/keyrings/ubuntu-archive-keyring.gpg';

/** Ubuntu's own archive: the series as it was released, with its updates. */
export function ubuntuArchive({ series, architecture }: Pick<MediumInfo, 'series' | 'architecture'>): Archive {
  return {
    uri: architecture === 'amd64' ? 'http://archive.ubuntu.com/ubuntu' : 'http://ports.ubuntu.com/ubuntu-ports',
    suites: [series, `${series}-updates`, `${series}-security`],
    components: ['main', 'universe'],
    keyring: ubuntuKeyring,
  };
}
