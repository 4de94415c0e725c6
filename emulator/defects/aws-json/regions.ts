import { atIamToken, type Defect, refusing, replacing, skipping, tokens } from '../defect.ts';

const region = 'AWS-CreateTokenWithIAM-region';

/** Tokens that only another region can use. */
export const regions: readonly Defect[] = [
  {
    name: 'other-region-without-address',
    changes: 'InvalidRequestRegionException does not say where the token is usable.',
    breaks: [region],
    at: atIamToken,
    ...replacing(() => ({
      'error-body': ({ error, description }) => ({ error, error_description: description }),
    })),
  },
  {
    name: 'other-region-as-invalid-grant',
    changes: 'A token of another region is answered with InvalidGrantException.',
    breaks: [region],
    at: atIamToken,
    ...refusing('invalid_grant', ['refresh-token-usable-here', 'subject-token-of-this-region']),
  },
  {
    name: 'refresh-token-of-any-region',
    changes: 'A refresh token of another region works here.',
    breaks: ['AWS-CreateToken-InvalidRequest', 'AWS-CreateTokenWithIAM-region'],
    at: tokens,
    ...skipping('refresh-token-of-this-region', 'refresh-token-usable-here'),
  },
];

/** The same of subject tokens. */
export const foreignSubjectTokens: readonly Defect[] = [
  {
    name: 'subject-token-of-any-region',
    changes: 'A subject token of another region is exchanged.',
    breaks: ['AWS-CreateTokenWithIAM-region'],
    at: atIamToken,
    ...skipping('subject-token-of-this-region'),
  },
];
