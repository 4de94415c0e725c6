/** A fault that the provider was asked for, and whom it is to meet. */
export interface Fault {
  readonly operation: string;
  readonly error: string;
  /** Every client when absent. */
  readonly clientId?: string | undefined;
}

/** Faults whose request was lost: nobody knows whether they were met, and they may meet another request. */
export interface FaultsAtLarge {
  lost(fault: Fault): void;
  /** Whether an answer may be one of them, which then is at large no more. */
  isOne(answer: Fault): boolean;
}

export function faultsAtLarge(): FaultsAtLarge {
  const some: Fault[] = [];
  return {
    lost: (fault) => void some.push(fault),
    isOne({ operation, error, clientId }) {
      const at = some.findIndex(
        (one) =>
          one.operation === operation &&
          one.error === error &&
          (one.clientId === undefined || one.clientId === clientId),
      );
      if (at >= 0) some.splice(at, 1);
      return at >= 0;
    },
  };
}
