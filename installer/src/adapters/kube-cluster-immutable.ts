import type { StatusCause } from '#kube/status-error';

/**
 * How API servers say that a field cannot change any more. There is no one wording: `field is immutable` of workloads,
 * `updates to parameters are forbidden.` of classes, `may not change once set` of Services, `spec is immutable after
 * creation …` of claims, `cannot change roleRef` of bindings, `may not be changed in an update.` of priorities, `Value is
 * immutable` of rules that authors of custom kinds write.
 */
const wordings =
  /\bimmutable\b|may not change once set|may not be (changed|modified|updated)|updates? to \S+ (is|are) forbidden|updates to .* for fields other than .* are forbidden|pod updates may not change fields other than|(cannot|can't|can not) (be )?change(d)?\b|(cannot|can't|can not) be (modified|updated)|(cannot|can not) be unset/i;

/** Whether this is what is wrong: a value that had to be right when the object was made. */
export function isImmutable({ reason = '', message = '' }: StatusCause): boolean {
  const ofField = reason === '' || reason === 'FieldValueInvalid' || reason === 'FieldValueForbidden';
  return ofField && wordings.test(detailOf(message));
}

/** Without the value that is complained of: it may hold any word. */
function detailOf(message: string): string {
  return message.startsWith('Invalid value: ') ? message.slice(message.lastIndexOf(': ') + 2) : message;
}
