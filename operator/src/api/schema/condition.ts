import * as z from 'zod';
import { keyed, text } from './terms.ts';

/** metav1.Condition, with the types that a kind has. */
export function conditionOf<const Types extends readonly [string, ...string[]]>(types: Types) {
  return z
    .object({
      type: z.enum(types).meta({ description: 'What is told.', examples: ['Ready'] }),
      status: z.enum(['True', 'False', 'Unknown']).meta({ description: 'Whether it is so.', examples: ['True'] }),
      reason: text(1024).meta({ description: 'Why, in one word.', examples: ['VMRunning'] }),
      message: text(32_768).meta({
        description: 'Why, in a sentence, and what to do.',
        examples: ['the machine runs on plant-7-a'],
      }),
      observedGeneration: z
        .int()
        .meta({ format: 'int64', description: 'Of which metadata.generation this is told.', examples: [3] }),
      lastTransitionTime: text(64).meta({
        format: 'date-time',
        description: 'Since when the status is what it is.',
        examples: ['2026-01-31T08:00:00Z'],
      }),
    })
    .meta({ description: 'One thing about the object that is so or not.' });
}

export function conditions<const Types extends readonly [string, ...string[]]>(types: Types) {
  return keyed(conditionOf(types), 32, 'type').meta({ description: 'What is so and what is not, and why.' });
}
