import { applyContract } from './apply-contract.ts';
import type { MakeBed } from './bed.ts';
import { definitionsContract } from './definitions-contract.ts';
import { objectsContract } from './objects-contract.ts';
import { watchContract } from './watch-contract.ts';

/** What we rely on in an API server: the same claims about the simulated one and about a real one. */
export function clusterContract(name: string, makeBed: MakeBed): void {
  objectsContract(name, makeBed);
  applyContract(name, makeBed);
  watchContract(name, makeBed);
  definitionsContract(name, makeBed);
}
