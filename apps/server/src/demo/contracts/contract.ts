const subjects = ["The Supplier", "The Buyer", "Either party", "The Supplier's affiliates"];
const duties = [
  "shall keep confidential all information that is marked as such or that a reasonable person would hold to be confidential, for a period of five years after the end of this agreement",
  "may adjust the prices of Annex B once a year by at most the change of the consumer price index, with ninety days' notice in writing",
  "is liable for slight negligence only where an essential duty is broken, and then for the damage that is typical and could be foreseen, up to the value of the orders of the last twelve months",
  "may end this agreement at the end of any calendar quarter with sixty days' notice, and without notice for a serious cause that is not remedied within thirty days of a warning",
  "processes personal data only on documented instruction, under the terms of Annex D, and names every sub-processor before it is engaged",
  "delivers within the times of Annex C; for every full week of delay the price of the delayed part is reduced by one half of one per cent, up to five per cent of it",
];

/** Twenty-four clauses, about as many words as a short contract has: more than 4,096 characters, as everything that is worth caching. */
export const clauses: readonly string[] = subjects.flatMap((subject, part) =>
  duties.map(
    (duty, index) => `§ ${part + 1}.${index + 1} ${subject} ${duty}. Changes need written form; if a part of this clause is void, the rest stays in force.`,
  ),
);

export const questions: readonly string[] = [
  "Which clauses limit the supplier's liability, and to what amount?",
  "May the prices rise during the term? When, and by how much?",
  "How can we get out of this contract early?",
  "What happens when a delivery is late?",
  "Who may process our customers' data, and where is it written?",
  "Is there anything about confidentiality after the end of the contract?",
  "Compare the notice periods with those of our standard contract.",
  "Which clause would you negotiate first, and why?",
];
