import { defaultBehaviours as usual } from '../../behaviours.ts';
import type { SignatureAttempt } from '../../fronts/aws-json/signature.ts';
import type { SignatureCheckName } from '../../fronts/aws-json/signature-checks.ts';
import { atIamToken, type Change, type Defect, replacing } from '../defect.ts';

/** What was right of one request counts as right again, wherever this key is the same. */
function onceRight(
  key: (attempt: SignatureAttempt) => string | undefined,
  ...checks: readonly SignatureCheckName[]
): Change {
  return replacing(() => {
    const right = new Set<string | undefined>();
    const lenient = checks.map(
      (name) =>
        [
          name,
          (attempt: SignatureAttempt) => (right.has(key(attempt)) ? undefined : usual[name](attempt)),
        ] as const,
    );
    const { 'signature-right': last = usual['signature-right'], ...others } = Object.fromEntries(lenient);
    return {
      ...others,
      // The last of all: whoever comes so far, and passes, was right.
      'signature-right': (attempt) => {
        const problem = last(attempt);
        if (!problem && attempt.claim) right.add(key(attempt));
        return problem;
      },
    };
  });
}

const rows: readonly [name: string, changes: string, change: Change][] = [
  [
    'signature-once-right',
    'A signature that was right once is taken as right for any other payload.',
    onceRight(({ claim }) => claim?.signature, 'content-sha256-right', 'signature-right'),
  ],
  [
    'signature-kept-for-ever',
    'The age of a signature that was right once is not looked at again.',
    onceRight(({ claim }) => claim?.signature, 'amz-date-not-too-early'),
  ],
  [
    'signature-kept-for-the-second',
    'Of signatures by one access key in the same second only the first is verified.',
    onceRight(
      ({ claim, amzDate }) => claim && `${claim.accessKeyId} ${amzDate}`,
      'content-sha256-right',
      'signature-right',
    ),
  ],
  [
    'access-key-once-right',
    'An access key with which one request was well signed is trusted from then on.',
    onceRight(({ claim }) => claim?.accessKeyId, 'content-sha256-right', 'signature-right'),
  ],
  [
    'session-once-valid',
    'A session that was valid once does not expire.',
    onceRight(({ claim }) => claim?.accessKeyId, 'session-token-not-expired'),
  ],
  [
    'session-token-once-right',
    'An access key that once came with its session token may come with any.',
    onceRight(({ claim }) => claim?.accessKeyId, 'session-token-right'),
  ],
];

/** Signatures that were verified before. */
export const keptSignatures: readonly Defect[] = rows.map(([name, changes, change]) => ({
  name,
  changes,
  breaks: ['AWS-CreateTokenWithIAM-signature-required'],
  at: atIamToken,
  ...change,
}));
