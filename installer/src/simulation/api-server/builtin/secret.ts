import type { Json } from '#kube/json';
import { Undecodable } from '../decode.ts';
import { fill } from './fill.ts';

/** A Secret with its type, and with what was given as text among its data. */
export function secretDefaults(object: Json): Json {
  const { stringData, ...rest } = object;
  for (const value of Object.values<string>(object.data ?? {})) checkBase64(value);
  if (stringData === undefined) return fill(object, { type: 'Opaque' });
  const text = Object.entries<string>(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { ...fill(rest, { type: 'Opaque' }), data: { ...rest.data, ...Object.fromEntries(text) } };
}

function checkBase64(value: string): void {
  const [good = ''] = /^[A-Za-z0-9+/]*={0,2}/.exec(value) ?? [];
  if (good.length === value.length && value.length % 4 === 0) return;
  throw new Undecodable(`illegal base64 data at input byte ${good.length}`);
}
