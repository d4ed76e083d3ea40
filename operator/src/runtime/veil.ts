const kept = '(kept back)';

/** What never belongs into a log or an event, wherever it may turn up. */
const names =
  /^(authorization|cookie|token|password|passwd|data|stringdata|userdata|networkdata|headers|tls|key\.pem)$/i;

/** What looks like a secret in the middle of a text, and what is left of it. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, kept],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${kept}`],
  [
    /\b(pass(?:word|wd)?|plain_text_passwd|token|api[-_]?key)(\\?["']?\s*[:=]\s*)(?:\\?"[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    `$1$2${kept}`,
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@/]+@/gi, `$1${kept}@`],
  [/\$(?:1|5|6|y|2[aby])\$[^\s:"',]{10,}/g, kept],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, kept],
];

/** A text without what looks like a secret in it. */
export function veiled(text: string): string {
  return patterns.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}

/** A value as it may be told: texts are veiled, what is named like a secret is kept back, errors are their text alone. */
export function tellable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return veiled(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return depth > 8 ? veiled(value.message) : errorRecord(value, depth);
  if (depth > 8) return '…';
  if (Array.isArray(value)) return value.map((one) => tellable(one, depth + 1));
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, one]) => [name, names.test(name) ? kept : tellable(one, depth + 1)]));
}

/** What libraries hang on errors (requests, answers) is not for a log. */
function errorRecord({ name, message, stack, cause }: Error, depth: number): object {
  return {
    name,
    message: veiled(message),
    ...(stack === undefined ? {} : { stack: veiled(stack) }),
    ...(cause === undefined ? {} : { cause: tellable(cause, depth + 1) }),
  };
}
