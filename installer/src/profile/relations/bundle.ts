/** Whom a site trusts with what is installed on it. */
import type { Look } from '../look.ts';

export function signaturesCount(look: Look): void {
  const { trustedKeys, allowUnsigned } = look.profile.bundle;
  trustedKeys.forEach((key, index) => {
    if (trustedKeys.indexOf(key) === index) return;
    look.say(['bundle', 'trustedKeys', index], {
      severity: 'warning',
      message: 'this key is listed twice',
      right: 'remove one of them',
    });
  });
  if (trustedKeys.length === 0 || !allowUnsigned) return;
  look.say(['bundle', 'allowUnsigned'], {
    severity: 'warning',
    message: 'trusted keys protect nothing while bundles that nobody has signed are installed as well',
    right: 'write allowUnsigned: false, or leave it out',
    others: [['bundle', 'trustedKeys']],
  });
}
