import { framing } from '../../emulator/misbehaviours/framing.ts';
import { headers } from '../../emulator/misbehaviours/headers.ts';
import { silence } from '../../emulator/misbehaviours/silence.ts';
import { statuses } from '../../emulator/misbehaviours/statuses.ts';
import { time } from '../../emulator/misbehaviours/time.ts';
import { testing } from './collection.ts';

testing([...silence, ...time, ...framing, ...statuses, ...headers], { races: true });
