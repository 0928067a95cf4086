import { z } from "zod";

/** What a token can be billed as, input side first. Every token of a call is in exactly one class. */
export const tokenClasses = ["input", "cached", "cache_write", "cache_write_1h", "audio_input", "image_input", "output", "reasoning", "audio_output"] as const;
export const TokenClass = z.enum(tokenClasses);
export type TokenClass = z.infer<typeof TokenClass>;

/** USD per million tokens. A class without a rate costs what it is part of: `cache_write_1h` as `cache_write`, all others as `input` or `output`. */
export const RatesOut = z.partialRecord(TokenClass, z.number());
export type RatesOut = z.infer<typeof RatesOut>;

/** A number, or the same as text, with up to six decimals. */
const Rate = z.union([z.number(), z.string().max(20)]);
const RatesIn = z.partialRecord(TokenClass, Rate);

/** A price of the operator's own; it wins over the built-in table. */
export const PriceOverrideIn = z.strictObject({
  /** Only calls to this provider; absent = any. */
  provider: z.string().max(200).nullish(),
  /** The whole name of the model, upper and lower case alike; `*` stands for any letters. */
  model: z.string().min(1).max(300),
  /** First day it holds, `YYYY-MM-DD` in UTC; absent = always. */
  from: z.string().max(10).nullish(),
  usd_per_million: RatesIn,
  /** Rates for the whole request when its input is above so many tokens. What they do not state is as below the threshold. */
  long_context: z
    .array(z.strictObject({ above_tokens: z.number(), usd_per_million: RatesIn }))
    .max(5)
    .optional(),
  note: z.string().max(500).optional(),
});
export type PriceOverrideIn = z.infer<typeof PriceOverrideIn>;

export const PriceOverrideOut = z.object({
  /** Names what the price says: `price_version` of a span that it priced is `override:<id>`. */
  id: z.string(),
  provider: z.string().nullable(),
  model: z.string(),
  from: z.string().nullable(),
  usd_per_million: RatesOut,
  long_context: z.array(z.object({ above_tokens: z.number(), usd_per_million: RatesOut })),
  note: z.string(),
  created_at: z.string(),
});
export type PriceOverrideOut = z.infer<typeof PriceOverrideOut>;

/** A model with its prices, newest first. */
export const PriceOut = z.object({
  source: z.enum(["override", "table"]),
  /** `null`: any provider (overrides only). */
  provider: z.string().nullable(),
  model: z.string(),
  /** Id of the override; `null` for the table's. */
  id: z.string().nullable(),
  history: z.array(
    z.object({
      /** First day; `null` = always. */
      from: z.string().nullable(),
      rates: z.array(
        z.object({
          /** Service tier as the provider reports it; `standard` for none. */
          tier: z.string(),
          /** For requests with more input than this; `null` = any. */
          above_tokens: z.number().nullable(),
          usd_per_million: RatesOut,
        }),
      ),
    }),
  ),
});
export type PriceOut = z.infer<typeof PriceOut>;

export const PricesQuery = z.object({
  /** Words that must all occur in "provider/model". */
  search: z.string().max(300).optional(),
  provider: z.string().max(200).optional(),
  source: z.enum(["override", "table"]).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(1000).optional(),
});

export const PricesOut = z.object({
  /** Overrides first, then the table by provider and model. */
  data: z.array(PriceOut),
  next_cursor: z.string().nullable(),
  /** How many models of the table match. */
  total: z.number(),
  table_version: z.string(),
  /** All overrides in force, in their order: of two that fit and begin on the same day the later one wins. */
  overrides: z.array(PriceOverrideOut),
  /** For `PUT`: says which overrides were read. */
  revision: z.string(),
});
export type PricesOut = z.infer<typeof PricesOut>;

/** PUT /prices: the overrides as they shall be from now on, all of them. */
export const PricesIn = z.strictObject({
  overrides: z.array(PriceOverrideIn).max(1000),
  /** `revision` of the answer this rests on. When the overrides were changed since, nothing is and the answer is 409. */
  revision: z.string().max(100).optional(),
});
export type PricesIn = z.infer<typeof PricesIn>;

export const PricesSaved = PricesOut.pick({ overrides: true, revision: true, table_version: true });
export type PricesSaved = z.infer<typeof PricesSaved>;
