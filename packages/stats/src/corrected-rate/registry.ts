import { langReiczigel, roganGladen } from "./misclassification.ts";
import { postStratified } from "./post-stratified.ts";
import { classical, ppi, ppiPlusPlus } from "./prediction-powered.ts";
import type { RateMethod } from "./rate-sample.ts";

/** Every method of `correctedRate`, the default first. */
export const rateMethods: readonly RateMethod[] = [postStratified, ppi, ppiPlusPlus, roganGladen, langReiczigel, classical];
