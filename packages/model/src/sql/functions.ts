const list = (names: string): readonly string[] => names.trim().split(/\s+/);

/**
 * The functions that read-only SQL may call; every other one is refused. What reads files, tables by name, dictionaries,
 * settings, the host or the network, what sleeps, and what works long on little input, is not among them.
 */
export const sqlFunctions: Readonly<Record<string, readonly string[]>> = {
  aggregates: list(`
    any anyHeavy anyLast any_value argMax argMin array_agg avg avgWeighted corr count covarPop covarSamp entropy first_value groupArray groupArraySample
    groupConcat groupUniqArray histogram kurtPop last_value max median min quantile quantileExact quantileExactWeighted quantileTDigest quantiles
    quantilesExact quantilesTDigest simpleLinearRegression skewPop stddev stddevPop stddevSamp stddev_pop stddev_samp sum sumCount topK uniq
    uniqCombined uniqExact varPop varSamp var_pop var_samp windowFunnel`),
  windows: list("cume_dist dense_rank lag lagInFrame lead leadInFrame nth_value ntile percent_rank rank row_number"),
  logic: list(`
    and or not xor equals notEquals less lessOrEquals greater greaterOrEquals isDistinctFrom isNotDistinctFrom in notIn nullIn notNullIn exists if multiIf
    case caseWithExpression caseWithoutExpression isNull isNotNull ifNull nullIf coalesce assumeNotNull toNullable isZeroOrNull clamp greatest least grouping`),
  numbers: list(`
    plus minus multiply divide intDiv intDivOrZero modulo positiveModulo negate abs sign ceil ceiling floor round roundBankers trunc truncate exp exp2 exp10
    log ln log2 log10 log1p sqrt cbrt pow power sin cos tan asin acos atan atan2 sinh cosh tanh pi e gcd lcm isNaN isFinite isInfinite ifNotFinite sigmoid
    widthBucket bitAnd bitOr bitXor bitNot bitShiftLeft bitShiftRight bitTest bitCount rand rand64 divideOrNull moduloOrNull intDivOrNull`),
  conversions: list(`
    CAST _CAST accurateCast accurateCastOrNull toString toBool toUInt8 toUInt16 toUInt32 toUInt64 toInt8 toInt16 toInt32 toInt64 toInt128 toUInt128 toFloat32
    toFloat64 toDecimal32 toDecimal64 toDecimal128 toDate toDate32 toDateTime toDateTime64 toUUID toUInt32OrZero toUInt64OrZero toUInt32OrNull toUInt64OrNull
    toInt32OrZero toInt64OrZero toInt32OrNull toInt64OrNull toFloat32OrZero toFloat32OrNull toFloat64OrZero toFloat64OrNull toDateOrNull toDateTimeOrNull
    toDateTime64OrNull toDecimal64OrNull toTypeName hex unhex bin`),
  time: list(`
    now now64 today yesterday current_date current_timestamp toYear toQuarter toMonth toISOWeek toISOYear toWeek toDayOfYear toDayOfMonth toDayOfWeek toHour
    toMinute toSecond toMillisecond year quarter month day hour minute second toStartOfYear toStartOfQuarter toStartOfMonth toStartOfWeek toMonday
    toStartOfDay toStartOfHour toStartOfMinute toStartOfSecond toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes toStartOfInterval date_bin
    toLastDayOfMonth toLastDayOfWeek toYYYYMM toYYYYMMDD toYYYYMMDDhhmmss toUnixTimestamp toUnixTimestamp64Milli toUnixTimestamp64Micro
    toUnixTimestamp64Nano fromUnixTimestamp fromUnixTimestamp64Milli fromUnixTimestamp64Micro fromUnixTimestamp64Nano dateDiff date_diff age dateTrunc
    date_trunc dateName addDate subDate addYears addQuarters addMonths addWeeks addDays addHours addMinutes addSeconds addMilliseconds
    subtractYears subtractQuarters subtractMonths subtractWeeks subtractDays subtractHours subtractMinutes subtractSeconds subtractMilliseconds
    toIntervalYear toIntervalQuarter toIntervalMonth toIntervalWeek toIntervalDay toIntervalHour toIntervalMinute toIntervalSecond toIntervalMillisecond
    toIntervalMicrosecond toIntervalNanosecond toTimeZone toTimezone formatDateTime parseDateTimeBestEffort parseDateTimeBestEffortOrNull
    parseDateTime64BestEffort parseDateTime64BestEffortOrNull toRelativeDayNum toRelativeHourNum monthName makeDate makeDateTime timeSlot`),
  text: list(`
    length lengthUTF8 char_length empty notEmpty lower upper lcase ucase lowerUTF8 upperUTF8 initcap reverse reverseUTF8 concat concatWithSeparator concat_ws
    concatAssumeInjective substring substr mid substringUTF8 substringIndex left right leftUTF8 rightUTF8 leftPad rightPad lpad rpad trim trimBoth trimLeft
    trimRight ltrim rtrim startsWith endsWith startsWithUTF8 endsWithUTF8 position positionUTF8 positionCaseInsensitive positionCaseInsensitiveUTF8 locate
    like notLike ilike notILike match extract extractAll extractGroups countSubstrings countSubstringsCaseInsensitive countMatches
    countMatchesCaseInsensitive multiSearchAny multiSearchAnyCaseInsensitive multiSearchFirstPosition hasToken hasTokenCaseInsensitive hasAnyTokens
    hasAllTokens replace replaceAll replaceOne replaceRegexpAll replaceRegexpOne regexp_replace regexpQuoteMeta translate repeat space format ascii
    splitByChar splitByString splitByNonAlpha splitByWhitespace splitByRegexp alphaTokens tokens arrayStringConcat array_to_string base64Encode
    base64Decode tryBase64Decode isValidUTF8 toValidUTF8 cutToFirstSignificantSubdomain domain protocol path queryString cutQueryString extractURLParameter
    decodeURLComponent encodeURLComponent formatReadableSize formatReadableQuantity formatReadableTimeDelta formatReadableDecimalSize cityHash64 sipHash64
    xxHash64 MD5 SHA1 SHA256 transform bar`),
  json: list(`
    JSONHas JSONLength JSONType JSONExtract JSONExtractString JSONExtractInt JSONExtractUInt JSONExtractFloat JSONExtractBool JSONExtractRaw
    JSONExtractArrayRaw JSONExtractKeys JSONExtractKeysAndValues JSONExtractKeysAndValuesRaw JSON_VALUE JSON_QUERY JSON_EXISTS JSONArrayLength isValidJSON
    simpleJSONExtractString simpleJSONExtractInt simpleJSONExtractUInt simpleJSONExtractFloat simpleJSONExtractBool simpleJSONExtractRaw simpleJSONHas
    toJSONString`),
  "arrays, maps and tuples": list(`
    array tuple map arrayElement arrayElementOrNull tupleElement lambda arrayJoin arrayMap arrayFilter arrayExists arrayAll arrayCount arraySum arrayAvg
    arrayMin arrayMax arrayFirst arrayFirstIndex arrayFirstOrNull arrayLast arrayLastIndex arraySort arrayReverseSort arrayReverse arrayDistinct
    arrayUniq arrayConcat arraySlice arrayPushBack arrayPushFront arrayPopBack arrayPopFront arrayZip arrayEnumerate arrayCumSum arrayDifference
    arrayIntersect arrayCompact arrayFlatten arrayFill arraySplit arrayProduct has hasAll hasAny hasSubstr indexOf countEqual range
    mapKeys mapValues mapContains mapContainsKey mapContainsKeyLike mapFilter mapApply mapFromArrays mapConcat mapAdd mapSubtract tupleNames`),
};

/** Aggregates may end in these: `sumIf`, `quantileIfOrNull`. */
export const sqlCombinators: readonly string[] = ["If", "Array", "Distinct", "OrNull", "OrDefault", "ForEach"];

const allowed = new Set(
  Object.values(sqlFunctions)
    .flat()
    .map((name) => name.toLowerCase()),
);
const aggregates = new Set(sqlFunctions["aggregates"]?.map((name) => name.toLowerCase()));

/** Whether a query may call the function. Names are compared without case: the engine itself knows which of them it accepts. */
export function isSqlFunctionAllowed(name: string): boolean {
  return allowed.has(name.toLowerCase()) || isAggregate(name);
}

function isAggregate(name: string): boolean {
  if (aggregates.has(name.toLowerCase())) return true;
  const combinator = sqlCombinators.find((suffix) => name.length > suffix.length && name.endsWith(suffix));
  return combinator !== undefined && isAggregate(name.slice(0, -combinator.length));
}
