import { type Architecture, architectures } from '#catalog/catalog';

/** That of this machine, where it is one that bundles are made for. */
export function ownArchitecture(): Architecture {
  return architectures.find((one) => (one === 'amd64' ? 'x64' : one) === process.arch) ?? 'amd64';
}
