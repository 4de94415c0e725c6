import { bodies } from './bodies.ts';
import { echoes } from './echoes.ts';
import { encodings } from './encodings.ts';
import { framing } from './framing.ts';
import { headers } from './headers.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { silence } from './silence.ts';
import { size } from './size.ts';
import { statuses } from './statuses.ts';
import { texts } from './texts.ts';
import { time } from './time.ts';
import { issuedValues } from './tokens.ts';

/** All misbehaviours. */
export const misbehaviours: readonly Misbehaviour[] = [
  ...silence,
  ...time,
  ...framing,
  ...statuses,
  ...headers,
  ...bodies,
  ...encodings,
  ...size,
  ...issuedValues,
  ...texts,
  ...echoes,
];
