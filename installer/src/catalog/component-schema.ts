import { z } from 'zod';
import { architectures, componentNames } from './catalog.ts';

/** No path of a bundle leaves it: relative, without `.` and `..`, of letters that every file system can hold. */
export const bundlePath = z.string().regex(/^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9._+-]+(\/[A-Za-z0-9._+-]+)*$/, {
  error: 'a relative path without .. in it, such as manifests/longhorn/longhorn.yaml',
});

const https = z.string().regex(/^https:\/\/\S+$/, { error: 'an https address' });
const url = z.string().regex(/^(https:\/\/|checkout:)\S+$/, { error: 'an https address, or checkout:<path>' });
export const reference = z.string().regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+:[A-Za-z0-9._-]+$/, {
  error: 'an image with registry and tag, such as quay.io/kubevirt/virt-operator:v1.8.4',
});
const mutable = /:(latest|stable|snapshot|snapshot-thick|main|master)$/;

/** What `manifests/<component>/component.yaml` may say. */
export const ComponentFile = z.strictObject({
  name: z.enum([...componentNames, 'node']),
  version: z.string().regex(/^v?\d+\.\d+\.\d+([-+][A-Za-z0-9.+-]+)?$/, { error: 'a version such as v1.12.1' }),
  licence: z.string().min(1),
  assets: z.array(
    z.strictObject({
      path: bundlePath,
      url,
      checksums: https.exactOptional(),
      architecture: z.enum(architectures).exactOptional(),
    }),
  ),
  images: z.array(
    z.strictObject({
      reference: reference.refine((text) => !mutable.test(text), { error: 'a fixed tag: this one moves' }),
      reason: z.string().min(1).exactOptional(),
    }),
  ),
  unused: z.array(z.strictObject({ reference, reason: z.string().min(1) })).exactOptional(),
});
