import { readJson } from '../json.ts';
import type { Members } from '../members.ts';
import { remembering } from '../remembering.ts';
import type { BodyModel } from './body.ts';

/** One JSON object (RFC 8259), its members as they come. */
export const json: BodyModel = {
  type: 'json',
  mediaType: 'application/json',
  write: (...parts) => {
    const pairs: string[] = [];
    for (const part of parts)
      for (const [name, value] of Object.entries(part ?? {}))
        if (value !== undefined) pairs.push(`${quoted(name)}:${JSON.stringify(value)}`);
    return `{${pairs.join(',')}}`;
  },
  read: (text) => {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as Members)
        : undefined;
    } catch {
      return undefined;
    }
  },
  contradicted: (text) => new Set(readJson(text).repeated),
};

const quoted = remembering(JSON.stringify);
