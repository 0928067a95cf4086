import { StreamLanguage, type StringStream } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { sqlViews } from "@telltale/model/sql";
import { editorColours } from "../../components/editor-look.ts";
import { keywordWords } from "./sql-words.ts";

interface State {
  inComment: boolean;
}

const viewNames = new Set(sqlViews.map(({ name }) => name));

/** Colours only: what is right and wrong, the server says. */
const language = StreamLanguage.define<State>({
  startState: () => ({ inComment: false }),
  token(stream, state) {
    if (state.inComment) return inComment(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match("--")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) {
      state.inComment = true;
      return inComment(stream, state);
    }
    if (stream.match(/^'(?:[^'\\]|\\.)*'?/)) return "string";
    if (stream.match(/^(?:`[^`]*`?|"[^"]*"?)/)) return "variableName";
    if (stream.match(/^\d[\w.]*/)) return "number";
    if (stream.match(/^\{\w+:[^}]*\}/)) return "atom";
    const word = stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u);
    if (word === null || word === true || word === false) {
      stream.next();
      return "operator";
    }
    return kindOf(word[0], stream);
  },
  languageData: { commentTokens: { line: "--", block: { open: "/*", close: "*/" } }, closeBrackets: { brackets: ["(", "[", "'", "`"] } },
});

function inComment(stream: StringStream, state: State): string {
  if (stream.match(/^[\s\S]*?\*\//)) state.inComment = false;
  else stream.skipToEnd();
  return "comment";
}

function kindOf(word: string, stream: StringStream): string {
  if (stream.match(/^\s*\(/, false) && !/^(?:in|as|over|and|or|not|using|on|by|values)$/i.test(word)) return "variableName.function";
  if (keywordWords.has(word.toUpperCase())) return "keyword";
  return viewNames.has(word.toLowerCase()) ? "typeName" : "variableName";
}

export const sqlLanguage: Extension = [language, editorColours];
