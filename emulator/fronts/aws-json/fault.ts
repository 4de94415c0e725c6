import type { Operation } from '../../core/operation.ts';
import { refusalFor } from '../../core/refusal.ts';
import type { Service } from '../../core/service.ts';
import { knownClient } from '../../fixtures/clients.ts';
import { type Input, wrong } from '../../fixtures/input.ts';
import type { JsonObject } from '../../wire.ts';
import { contract, operationNamed, specOf } from './contract.ts';
import { type AwsRefusal, wrongRegion } from './refusal.ts';
import { awsOf } from './state.ts';

/** Arms an exception. One that names another region names one, unless told otherwise. */
export function fault(service: Service, input: Input): JsonObject {
  const name = input.oneOf('operation', Object.keys(contract.operations));
  const operation = operationNamed(name);
  const exception = input.text('exception');
  if (operation === undefined) throw wrong('operation', 'is unknown');
  const error = contract.exceptions[exception]?.error;
  if (error === undefined || !specOf(operation).exceptions.includes(exception)) {
    throw wrong('exception', 'is not one of that operation');
  }
  const { state } = service;
  const clientId = input.optionalText('clientId') && knownClient(service, input).id;
  if (clientId && !clientsOf(service, operation).has(clientId)) {
    throw wrong('clientId', `is not known to ${name}`);
  }
  const times = input.number('times');
  if (!Number.isSafeInteger(times) || times < 1) throw wrong('times', 'must be a whole number, at least 1');
  const usual: AwsRefusal =
    exception === 'InvalidRequestRegionException'
      ? wrongRegion(otherThan(awsOf(state).region))
      : refusalFor(error);
  const members = { ...usual.members, ...input.optionalObject('members') };
  const refusal = { ...usual, exception, members };
  state.faults.add({ operation, clientId, refusal, left: times });
  return {};
}

function clientsOf({ state }: Service, operation: Operation): ReadonlyMap<string, unknown> {
  if (operation === 'register') return new Map();
  return operation === 'iam_token' ? state.applications : state.clients;
}

const otherThan = (region: string): string => (region === 'us-west-2' ? 'us-east-1' : 'us-west-2');
