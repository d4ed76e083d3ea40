import type { Json } from '#kube/json';

/** What a specification is about, and the specification. */
export type Case = readonly [about: string, spec: Json];
/** What a change is about, the specification before, and what is merged into it. */
export type Change = readonly [about: string, before: Json, after: Json];

export const disk = { name: 'root', size: '10Gi' };
export const valid = { cpu: 2, memory: '2Gi', disks: [disk] };

export const withDisk = (fields: Json): Json => ({ ...valid, disks: [{ ...disk, ...fields }] });
export const withNetworks = (...networks: readonly Json[]): Json => ({ ...valid, networks });
export const withIp = (ipConfig: Json): Json => withNetworks({ name: 'lan', nadName: 'lan', ipConfig });
