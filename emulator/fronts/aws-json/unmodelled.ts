import type { Header } from '../../wire.ts';

/** An error that the service model does not know: AWS answers it before the operation is reached. */
export interface Unmodelled {
  readonly status: number;
  readonly exception: string;
  /** Never anything that came with the request. */
  readonly message: string;
  readonly headers?: readonly Header[];
}

export const unknownOperation: Unmodelled = {
  status: 404,
  exception: 'UnknownOperationException',
  message: 'Unknown operation',
};

export const methodNotAllowed: Unmodelled = {
  status: 405,
  exception: 'UnknownOperationException',
  message: 'Method not allowed',
  headers: [['Allow', 'POST']],
};

export const missingToken: Unmodelled = forbidden(
  'MissingAuthenticationTokenException',
  'Missing Authentication Token',
);
export const unrecognizedClient: Unmodelled = forbidden(
  'UnrecognizedClientException',
  'The security token included in the request is invalid',
);
export const expiredToken: Unmodelled = forbidden(
  'ExpiredTokenException',
  'The security token included in the request is expired',
);
export const incompleteSignature = (message: string): Unmodelled =>
  forbidden('IncompleteSignatureException', message);
export const invalidSignature = (message: string): Unmodelled =>
  forbidden('InvalidSignatureException', message);

function forbidden(exception: string, message: string): Unmodelled {
  return { status: 403, exception, message };
}
