import { boolCoreTag, floatCoreTag, intCoreTag, NOT_RESOLVED, nullCoreTag } from 'js-yaml';

const tags = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag] as const;

/**
 * What a value without quotes means in YAML 1.2. Only `0755` is left as text: YAML 1.1 reads 493 there and YAML 1.2
 * reads 755, so that no reader can know what was meant.
 */
export function resolvePlain(text: string): unknown {
  if (/^[-+]?0[0-9]+$/.test(text)) return text;
  for (const tag of tags) {
    const value: unknown = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}
