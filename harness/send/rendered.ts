import { headerOf } from '../../targets/transport/headers.ts';
import type { Headers } from '../exchange.ts';

/** Whether a response is of a media type that a browser renders; without one it guesses. */
export function isRendered(headers: Headers): boolean {
  const type = headerOf(headers, 'content-type');
  return type === undefined || /\b(?:html|xml|svg)\b/i.test(type);
}

/** Whether a text would act as markup where it is not escaped. */
export const isMarkupIn = (text: string): boolean => /[<>]/.test(text);
