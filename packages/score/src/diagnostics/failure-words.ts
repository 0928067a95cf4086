/** Only this much of an answer is looked at. */
const MAX_READ_CHARS = 20_000;

/** How people and models say that something did not work, in the languages that are written with Latin letters most. */
const failureWords = new RegExp(
  [
    "error|fail(?:ed|ure|s|ing)?|unable|unfortunately|sorry|apolog|regret|cannot|can't|could ?n[o']t|couldn.t|was ?n[o']t able|not able|did ?n[o']t (?:work|find|succeed|return|get)|not (?:possible|found|available|valid|accessible|retriev|successful|currently)|no (?:results?|data|information|matching|such)|unavailable|invalid|problem|issue|trouble|unsuccessful|denied|does ?n[o']t exist|try again|timed? ?out|limitation|however|instead",
    "fehler|fehlgeschlagen|leider|nicht (?:möglich|gefunden|verfügbar|gelungen|erreichbar)|konnte|entschuldig|kein",
    "erreur|échou|malheureusement|désol|impossible|n'a pas|n'ai pas|pas pu|introuvable|aucun",
    "error|falló|fallo|lamentablemente|desafortunadamente|lo siento|no (?:pude|puedo|fue posible|se pudo|encontr)|ningún",
    "erro|falhou|infelizmente|desculp|não (?:foi possível|consegui|encontr|pude)|nenhum",
    "errore|fallit|purtroppo|spiacente|mi dispiace|non (?:è stato possibile|sono riuscit|trovat|posso)|nessun",
    "fout|mislukt|helaas|niet (?:gelukt|gevonden|mogelijk|beschikbaar)|geen",
  ].join("|"),
  "i",
);

/** Words of an error that say nothing about it. */
const emptyWords = new Set("error exception failed the and for with from this that http status code message invalid not found".split(" "));

/**
 * Whether an answer admits that something went wrong, by words of failure or by words of the error itself. Undefined where that
 * cannot be told: another script than Latin.
 */
export function acknowledgesFailure(answer: string, error: string): boolean | undefined {
  const text = answer.slice(0, MAX_READ_CHARS);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters === 0 || latin < letters * 0.8) return undefined;
  if (failureWords.test(text)) return true;
  const lower = text.toLowerCase();
  const telling = (
    error
      .slice(0, 500)
      .toLowerCase()
      .match(/[a-z]{4,}/g) ?? []
  ).filter((word) => !emptyWords.has(word));
  return telling.length >= 2 && telling.filter((word) => lower.includes(word)).length >= telling.length * 0.6;
}
