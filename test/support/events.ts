import type { BatchEvent, OnEvent } from "../../src/batch/events.ts";

export type EventOf<Type extends BatchEvent["type"]> = Extract<BatchEvent, { readonly type: Type }>;

/** Calls back with the events of one type, and passes over the others. */
export function on<Type extends BatchEvent["type"]>(
  type: Type,
  tell: (event: EventOf<Type>) => void,
): OnEvent {
  return (event) => {
    if (isOf(event, type)) tell(event);
  };
}

/** Everything that was reported, in order. */
export interface EventLog {
  readonly onEvent: OnEvent;
  readonly all: readonly BatchEvent[];
  readonly types: () => readonly BatchEvent["type"][];
  readonly of: <Type extends BatchEvent["type"]>(type: Type) => readonly EventOf<Type>[];
}

export function eventLog(): EventLog {
  const all: BatchEvent[] = [];
  return {
    onEvent: (event) => all.push(event),
    all,
    types: () => all.map(({ type }) => type),
    of: (type) => all.filter((event) => isOf(event, type)),
  };
}

function isOf<Type extends BatchEvent["type"]>(
  event: BatchEvent,
  type: Type,
): event is EventOf<Type> {
  return event.type === type;
}
