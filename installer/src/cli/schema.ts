import { profileJsonSchema } from '#profile/json-schema';
import type { Call } from './call.ts';

/** `novasphere schema`: the JSON Schema of the profile on stdout. */
export async function schema({ terminal }: Call): Promise<number> {
  terminal.raw(`${JSON.stringify(profileJsonSchema(), undefined, 2)}\n`);
  return 0;
}
