import type { Case } from '../../harness/case.ts';
import { rejected } from '../../harness/expectation.ts';
import { refusal } from '../kit/cases.ts';
import { altered, garbage, set, without } from '../kit/change.ts';
import { type GrantAt, ofGrant, thingOf } from '../kit/grant.ts';

/** A request that presents nothing. */
export const presentsNothing = (at: GrantAt, requirement: string): readonly Case[] => [
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/missing-${thingOf(at, '-')}`,
    title: `no ${thingOf(at)}`,
    requirement,
    change: without(at.artefact),
    expect: rejected('invalid_request'),
  }),
  refusal({
    ...ofGrant(at),
    id: `${at.folder}/empty-${thingOf(at, '-')}`,
    title: `an empty ${thingOf(at)}`,
    requirement: 'RFC6749-3.2-empty-required-param',
    change: set(at.artefact, ''),
    expect: rejected('invalid_request'),
  }),
];

/** A request that presents what was never issued. */
export const presentsUnknown = (at: GrantAt): readonly Case[] => [
  refusal({
    ...ofGrant(at),
    ...at.unknown,
    id: `${at.folder}/unknown-${thingOf(at, '-')}`,
    title: `a ${thingOf(at)} that was never issued`,
    change: garbage(at.artefact),
  }),
  refusal({
    ...ofGrant(at),
    ...at.unknown,
    id: `${at.folder}/altered-${thingOf(at, '-')}`,
    title: `a ${thingOf(at)} with one character changed`,
    change: altered(at.artefact),
  }),
];
