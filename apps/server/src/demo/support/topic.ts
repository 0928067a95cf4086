/** A help article, the ways people ask for it, and what a good and a poor answer look like. */
export interface Topic {
  id: string;
  title: string;
  body: string;
  questions: readonly string[];
  answer: string;
  /** Plausible and wrong: what the model says when it answers without the article. */
  poor: string;
  followUps: readonly (readonly [question: string, answer: string])[];
  /** 0 = always found and answered, 1 = hardly ever. */
  difficulty: number;
}
