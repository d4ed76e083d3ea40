import { z } from 'zod';
import { architectures } from '#catalog/catalog';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: 'sha256: and 64 hexadecimal digits' });
const text = z.string().min(1);

const AskerEntry = z.strictObject({
  kind: z.enum(['list', 'image', 'environment', 'argument', 'text', 'gate', 'supplement']),
  who: text,
  from: text.exactOptional(),
  reason: text.exactOptional(),
});

/** What a proof.json may say. */
export const ProofFile = z.strictObject({
  version: z.literal(1),
  madeFor: z.strictObject({ release: text, architecture: z.enum(architectures), series: text.exactOptional() }),
  verdict: z.enum(['complete', 'incomplete']),
  images: z.array(
    z.strictObject({
      reference: text,
      digest: digest.exactOptional(),
      size: z.int().min(0).exactOptional(),
      archive: text.exactOptional(),
      askedBy: z.array(AskerEntry),
      verdict: z.enum(['present', 'missing', 'extra']),
    }),
  ),
  unused: z.array(z.strictObject({ reference: text, reason: text, namedBy: z.array(AskerEntry) })),
  findings: z.array(text),
});
