const veil = '‹secret›';
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, veil],
  [/\b(authorization:\s*(?:bearer|basic)\s+)\S+/gi, `$1${veil}`],
  [/\b(pass(?:word|wd)?|token|secret|api[-_]?key)(["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&]+)/gi, `$1$2${veil}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@/]+@/gi, `$1${veil}@`],
  [/\bK10[0-9a-f]{64}::\S+/g, veil],
  [/\$(?:5|6|y|2[aby])\$[^\s:]{10,}/g, veil],
];

/** Output of a foreign program as it may be shown and kept: what looks like a secret is veiled. */
export function redact(text: string): string {
  return patterns.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}
