import { describeInventory } from '#facts/describe-inventory';
import type { Call } from './call.ts';
import { readThisMachine } from './given-inventory.ts';
import { writeOutput } from './write-output.ts';

/** `novasphere inventory`: what this machine is. */
export async function inventory({ options, terminal }: Call): Promise<number> {
  const facts = await readThisMachine();
  const file = options.text('out');
  const json = `${JSON.stringify(facts, undefined, 2)}\n`;
  if (file === '-') {
    terminal.raw(json);
    return 0;
  }
  terminal.print(describeInventory(facts));
  terminal.json(facts);
  if (file !== undefined) {
    writeOutput(file, json, { replace: true });
    terminal.tell(`written to ${file}\n`);
  }
  return 0;
}
