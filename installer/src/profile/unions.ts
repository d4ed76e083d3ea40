import type * as z from 'zod';
import type { Issue } from './mistakes.ts';

type UnionIssue = z.core.$ZodIssueInvalidUnion;

/** What is wrong in the one alternative that was meant; empty when none can be told from the others. */
export function unionIssues(issue: UnionIssue, value: unknown): readonly Issue[] {
  const meant = issue.errors.filter((errors) => errors.every((error) => !isOtherKind(error)));
  const objects = typeof value === 'object' && value !== null;
  const chosen = meant.length === 1 ? meant[0] : objects ? strangers(meant) : undefined;
  return (chosen ?? []).map((error) => ({ ...error, path: [...issue.path, ...error.path] }));
}

/** The alternative is of another kind altogether: text instead of a mapping, another fixed word. */
function isOtherKind(error: Issue): boolean {
  return error.path.length === 0 && (error.code === 'invalid_type' || error.code === 'invalid_value');
}

/** Keys that no alternative knows. */
function strangers(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const unknown = alternatives.map((issues) =>
    issues.flatMap((one) => (one.code === 'unrecognized_keys' ? one.keys : [])),
  );
  const keys = (unknown[0] ?? []).filter((key) => unknown.every((others) => others.includes(key)));
  return keys.length === 0 ? [] : [{ code: 'unrecognized_keys', keys, path: [], message: '' }];
}
