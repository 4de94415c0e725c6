import type { WireRequest } from '../../wire.ts';
import type { AwsService } from './service.ts';
import { headerOf, type SignatureAttempt } from './signature.ts';
import { awsOf, type Credentials } from './state.ts';
import type { Unmodelled } from './unmodelled.ts';

/** Who signed the request, or why it is not believed. */
export async function verifySignature(
  service: AwsService,
  request: WireRequest,
): Promise<{ readonly principal: Credentials | undefined } | Unmodelled> {
  const { behaviours: b } = service;
  const attempt = await signatureAttemptOf(service, request);
  for (const name of b['order-of-signature-checks']()) {
    const problem = b[name](attempt);
    if (problem) return problem;
  }
  return { principal: attempt.credentials };
}

async function signatureAttemptOf(
  { behaviours: b, clock, state }: AwsService,
  request: WireRequest,
): Promise<SignatureAttempt> {
  const authorization = request.headers.get('authorization') ?? [];
  const claim = b['read-authorization'](authorization[0] ?? '');
  const credentials = claim && b['find-credentials'](state, claim.accessKeyId);
  const amzDate = headerOf(request, 'x-amz-date');
  const secret = credentials?.secretAccessKey;
  return {
    request,
    authorization,
    claim,
    credentials,
    amzDate,
    contentSha256: headerOf(request, 'x-amz-content-sha256'),
    securityToken: headerOf(request, 'x-amz-security-token'),
    expected:
      claim && secret !== undefined
        ? await b['expected-signature'](request, claim, secret, amzDate ?? '')
        : undefined,
    now: clock.now(),
    region: awsOf(state).region,
  };
}
