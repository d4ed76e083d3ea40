import { admissionContract } from './admission-contract.ts';
import { applyContract } from './apply-contract.ts';
import type { MakeBed } from './bed.ts';
import { definitionsContract } from './definitions-contract.ts';
import { immutableContract } from './immutable-contract.ts';
import { lifecycleContract } from './lifecycle-contract.ts';
import { metadataContract } from './metadata-contract.ts';
import { objectsContract } from './objects-contract.ts';
import { ownersContract } from './owners-contract.ts';
import { pagesContract } from './pages-contract.ts';
import { refusalsContract } from './refusals-contract.ts';
import { schemaContract } from './schema-contract.ts';
import { watchContract } from './watch-contract.ts';

/** What we rely on in an API server: the same claims about the simulated one and about a real one. */
export function clusterContract(name: string, makeBed: MakeBed): void {
  objectsContract(name, makeBed);
  refusalsContract(name, makeBed);
  immutableContract(name, makeBed);
  lifecycleContract(name, makeBed);
  applyContract(name, makeBed);
  ownersContract(name, makeBed);
  watchContract(name, makeBed);
  metadataContract(name, makeBed);
  pagesContract(name, makeBed);
  definitionsContract(name, makeBed);
  schemaContract(name, makeBed);
  admissionContract(name, makeBed);
}
