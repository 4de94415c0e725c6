import { bodies } from '../../emulator/misbehaviours/bodies.ts';
import { encodings } from '../../emulator/misbehaviours/encodings.ts';
import { size } from '../../emulator/misbehaviours/size.ts';
import { issuedValues } from '../../emulator/misbehaviours/tokens.ts';
import { testing } from './collection.ts';

testing([...bodies, ...encodings, ...size, ...issuedValues], { races: true });
