import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { localHost } from '#adapters/local-host';
import { Node } from '#profile/schema';
import { defaultInventory } from '#simulation/host/default-inventory';
import { machineFrom } from '#simulation/host/machine-from';
import { SimulatedHost } from '#simulation/host/simulated-host';
import { VirtualClock } from '#simulation/virtual-clock';
import { hostContract } from './host-contract.ts';

const scratch = mkdtempSync(join(tmpdir(), 'novasphere-host-'));
const source = { path: join(scratch, 'source'), text: '#!/bin/sh\necho tool\n' };
writeFileSync(source.path, source.text);
afterAll(() => rmSync(scratch, { recursive: true }));

const node = Node.parse({ name: 'plant-7-a', network: { management: { match: { mac: '3c:ec:ef:00:00:01' } } } });

hostContract('the machine itself', async () => {
  return { host: localHost('plant-7-a'), directory: mkdtempSync(join(scratch, 'ground-')), source };
});

hostContract('a simulated machine', async () => {
  const machine = machineFrom(defaultInventory(node), { clock: new VirtualClock() });
  machine.files.makeDirectory('/srv/ground');
  return { host: new SimulatedHost(machine), directory: '/srv/ground', source };
});
