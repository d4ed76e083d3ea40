import { afterAll, beforeAll } from 'vitest';
import { simulatedBed } from './bed.ts';
import { explainContract } from './explain-contract.ts';

explainContract('the simulated cluster', { make: async () => simulatedBed(), beforeAll, afterAll });
