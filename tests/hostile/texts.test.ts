import { echoes } from '../../emulator/misbehaviours/echoes.ts';
import { texts } from '../../emulator/misbehaviours/texts.ts';
import { testing } from './collection.ts';

testing([...texts, ...echoes], { races: false });
