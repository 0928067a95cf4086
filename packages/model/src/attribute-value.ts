/**
 * OTLP keeps int64 and double apart (`1` and `1.0` differ on the wire), JavaScript does not. A double with an
 * integral value is wrapped, so that what was sent can be given back; every other double is a plain number.
 */
export class Double {
  constructor(readonly value: number) {}
  valueOf(): number {
    return this.value;
  }
}

/** One OTLP AnyValue. Ints are `number` when safe, else `bigint`; bytes stay bytes; kvlist is a `Map`. */
export type AttributeValue = string | boolean | number | bigint | Double | null | Uint8Array | AttributeValue[] | Map<string, AttributeValue>;

/** Attributes in the order in which they were sent. A Map, because keys are outside data (`__proto__` is a legal key). */
export type Attributes = Map<string, AttributeValue>;
