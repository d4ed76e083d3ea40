/** Who may speak to the bed: each with a token and a name in the audit log. */
const users = [
  'admin',
  'novasphere-installer',
  'doubles',
  'wukong-operator',
  'operator-pod',
  'kubectl',
  'kwok',
] as const;
export type User = (typeof users)[number];

/** Whoever is not all-powerful: the operator as its Deployment has it, with the rights that are shipped. */
export const operatorPod = 'system:serviceaccount:novasphere-system:wukong-operator';
const groups = 'system:serviceaccounts,system:serviceaccounts:novasphere-system';

/** The file of tokens that the API server reads when it starts. */
export function tokenFile(tokenOf: (user: User) => string): string {
  const lines = users.map((user) =>
    user === 'operator-pod'
      ? `${tokenOf(user)},${operatorPod},${user},"${groups}"\n`
      : `${tokenOf(user)},${user},${user},system:masters\n`,
  );
  return lines.join('');
}
