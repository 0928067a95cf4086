import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { useEffect, useEffectEvent, useImperativeHandle, useRef, type Ref } from "react";
import { editorLook } from "../../components/editor-look.ts";
import { completeSql } from "./sql-completion.ts";
import { sqlLanguage } from "./sql-language.ts";

export interface SqlEditorHandle {
  focus: () => void;
  /** Replaces everything, as one step of undo. */
  replace: (text: string) => void;
  /** Writes at the cursor, apart from a word that ends there. */
  insert: (text: string) => void;
}

export interface SqlEditorProps {
  initial: string;
  onChange: (text: string) => void;
  onRun: () => void;
  /** The server's complaint about this very text, and its offset where that is known. */
  error: { message: string; column: number | undefined } | undefined;
  ref?: Ref<SqlEditorHandle>;
}

/** The text of the query: colours, completion, the place of a mistake. Mod+Enter runs; Tab leaves, as in any field. */
export function SqlEditor({ initial, onChange, onRun, error, ref }: SqlEditorProps) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const changed = useEffectEvent(onChange);
  const run = useEffectEvent(onRun);
  const first = useRef(initial);

  useEffect(() => {
    if (holder.current === null) return;
    const editor = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
          keymap.of([{ key: "Tab", run: acceptCompletion }, ...completionKeymap, ...closeBracketsKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap]),
          history(),
          lineNumbers(),
          drawSelection(),
          highlightActiveLine(),
          bracketMatching(),
          closeBrackets(),
          indentUnit.of("  "),
          EditorView.lineWrapping,
          autocompletion({ override: [complete], icons: false, activateOnTyping: true }),
          placeholder("SELECT … FROM traces"),
          sqlLanguage,
          editorLook,
          EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "SQL query", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
          EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        ],
      }),
    });
    view.current = editor;
    editor.dispatch({ selection: { anchor: editor.state.doc.length } });
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        error?.column === undefined ? [] : [{ ...wordAt(editor.state.doc.toString(), error.column), severity: "error", message: error.message }],
      ),
    );
  }, [error]);

  useImperativeHandle(ref, () => ({
    focus: () => view.current?.focus(),
    replace: (text) => {
      view.current?.dispatch({ changes: { from: 0, to: view.current.state.doc.length, insert: text }, selection: { anchor: text.length } });
      view.current?.focus();
    },
    insert: (text) => {
      const editor = view.current;
      if (editor === undefined) return;
      const { from } = editor.state.selection.main;
      const isAfterWord = /\w/.test(editor.state.sliceDoc(Math.max(0, from - 1), from));
      editor.dispatch(editor.state.replaceSelection(isAfterWord ? ` ${text}` : text));
      editor.focus();
    },
  }));
  return <div ref={holder} className="h-full min-h-0 overflow-hidden" />;
}

function complete(context: CompletionContext): CompletionResult | null {
  const found = completeSql(context.state.doc.toString(), context.pos, context.explicit);
  if (found === undefined) return null;
  const boost = { column: 3, view: 2, function: 1, keyword: 0 };
  return {
    from: found.from,
    validFor: /^\w*$/,
    options: found.items.map(({ label, kind, detail, info, apply }) => ({
      label,
      type: kind,
      detail,
      boost: boost[kind],
      ...(info === undefined ? {} : { info }),
      ...(apply === undefined ? {} : { apply }),
    })),
  };
}

/** The word at an offset: a mark of one letter is easily missed. */
export function wordAt(text: string, offset: number): { from: number; to: number } {
  const from = Math.min(offset, Math.max(0, text.length - 1));
  const word = /^\w+/.exec(text.slice(from))?.[0] ?? "";
  return { from, to: Math.min(text.length, from + Math.max(1, word.length)) };
}
