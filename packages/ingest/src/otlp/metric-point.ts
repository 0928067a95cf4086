import type { MetricPoint, Resource, Scope } from "@telltale/model";
import { timeProblem } from "./accept-span.ts";
import type { JsonAttributeReader } from "./any-value-json.ts";
import { field, int64, nanoseconds, uint32, UnreadableField } from "./json-fields.ts";
import type { JsonObject } from "./json-body.ts";

export type MetricType = MetricPoint["type"];

/** Buckets of one histogram point; SDKs default to 15, exponential histograms to 160. */
const maxBuckets = 4_096;
/** DataPointFlags.NO_RECORDED_VALUE_MASK. */
const noRecordedValue = 1;

/**
 * One data point in the shape of OTLP/JSON. `value` is the number of a gauge or a sum, the mean of anything with a count.
 * `undefined` = the point says that there is no value. Throws `UnreadableField` with the reason it cannot be taken.
 */
export function metricPoint(
  type: MetricType,
  given: JsonObject,
  metric: { name: string; unit: string; resource: Resource; scope: Scope },
  attributes: JsonAttributeReader,
): MetricPoint | undefined {
  if ((uint32(given.flags) & noRecordedValue) !== 0) return undefined;
  const timeNs = nanoseconds(field(given, "timeUnixNano", "time_unix_nano"), "the time of a metric point");
  const startNs = nanoseconds(field(given, "startTimeUnixNano", "start_time_unix_nano"), "the start time of a metric point");
  const reason = timeProblem("time of a metric point", timeNs, attributes.limits);
  if (reason !== undefined) throw new UnreadableField(reason);
  const base = { ...metric, type, timeNs, startNs, attributes: attributes.attributes(given.attributes) };
  if (attributes.droppedAttributes > 0) base.attributes.set("telltale.dropped_attributes", attributes.droppedAttributes);
  if (type === "gauge" || type === "sum") return { ...base, value: numberValue(given), count: 0, sum: 0, bounds: [], bucketCounts: [] };
  const count = wholeNumber(given.count, "the count of a metric point");
  const sum = finite(given.sum ?? 0, "the sum of a metric point");
  const buckets =
    type === "histogram" ? explicitBuckets(given) : type === "exponential_histogram" ? exponentialBuckets(given) : { bounds: [], bucketCounts: [] };
  return { ...base, value: count === 0 ? 0 : sum / count, count, sum, ...buckets };
}

interface Buckets {
  /** Upper bounds, ascending; one fewer than counts: the last bucket has none. */
  bounds: number[];
  bucketCounts: number[];
}

function explicitBuckets(given: JsonObject): Buckets {
  const bounds = numbers(field(given, "explicitBounds", "explicit_bounds")).map((bound) => finite(bound, "a bound of a histogram"));
  const bucketCounts = numbers(field(given, "bucketCounts", "bucket_counts")).map((count) => wholeNumber(count, "a bucket count"));
  if (bucketCounts.length > 0 && bucketCounts.length !== bounds.length + 1) throw new UnreadableField("a histogram needs one more bucket than bounds");
  return bucketCounts.length === 0 ? { bounds: [], bucketCounts: [] } : { bounds, bucketCounts };
}

/**
 * Exponential buckets as explicit ones (OTel metrics data model, "ExponentialHistogram"): with base = 2^(2^-scale), positive
 * bucket i holds (base^i, base^(i+1)], negative bucket i its mirror image; between them lies the zero bucket.
 */
function exponentialBuckets(given: JsonObject): Buckets {
  const scale = int64(given.scale ?? 0);
  if (typeof scale !== "number" || Math.abs(scale) > 40) throw new UnreadableField("the scale of an exponential histogram is out of range");
  const positive = sideOf(given.positive);
  const negative = sideOf(given.negative);
  const zeroCount = wholeNumber(field(given, "zeroCount", "zero_count"), "the zero count");
  const edge = (index: number) => 2 ** (index * 2 ** -scale);
  const bounds: number[] = [];
  const bucketCounts: number[] = [];
  if (negative.counts.length > 0) {
    // what lies below the last negative bucket
    bounds.push(-edge(negative.offset + negative.counts.length));
    bucketCounts.push(0);
    for (let index = negative.counts.length - 1; index >= 0; index -= 1) {
      bounds.push(-edge(negative.offset + index));
      bucketCounts.push(negative.counts[index] ?? 0);
    }
  }
  bounds.push(positive.counts.length > 0 ? edge(positive.offset) : finite(field(given, "zeroThreshold", "zero_threshold") ?? 0, "the zero threshold"));
  bucketCounts.push(zeroCount);
  for (const [index, count] of positive.counts.entries()) {
    bounds.push(edge(positive.offset + index + 1));
    bucketCounts.push(count);
  }
  bucketCounts.push(0);
  if (bounds.some((bound) => !Number.isFinite(bound))) throw new UnreadableField("a bucket of an exponential histogram is out of range");
  return { bounds, bucketCounts };
}

function sideOf(given: unknown): { offset: number; counts: number[] } {
  if (typeof given !== "object" || given === null) return { offset: 0, counts: [] };
  const side = given as JsonObject;
  const offset = int64(side.offset ?? 0);
  if (typeof offset !== "number") throw new UnreadableField("the offset of an exponential histogram is out of range");
  return { offset, counts: numbers(field(side, "bucketCounts", "bucket_counts")).map((count) => wholeNumber(count, "a bucket count")) };
}

function numbers(given: unknown): unknown[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw new UnreadableField("the buckets of a metric point are not a list");
  if (given.length > maxBuckets) throw new UnreadableField(`a metric point has more than ${maxBuckets} buckets`);
  return given;
}

function numberValue(given: JsonObject): number {
  const int = field(given, "asInt", "as_int");
  const double = field(given, "asDouble", "as_double");
  if (int === undefined && double === undefined) throw new UnreadableField("a metric point has no value");
  return finite(int ?? double, "the value of a metric point");
}

function finite(given: unknown, what: string): number {
  const number = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  if (typeof number !== "number" || !Number.isFinite(number)) throw new UnreadableField(`${what} is not a finite number`);
  return number;
}

function wholeNumber(given: unknown, what: string): number {
  const number = finite(given ?? 0, what);
  if (number < 0 || !Number.isInteger(number)) throw new UnreadableField(`${what} is not a whole number`);
  return number;
}
