import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { editorColours, editorLook } from "../../components/editor-look.ts";

/** JavaScript with colours and indentation. Tab leaves, as in any field. */
export function CodeEditor({ initial, label, onChange }: { initial: string; label: string; onChange: (source: string) => void }) {
  const holder = useRef<HTMLDivElement>(null);
  const changed = useEffectEvent(onChange);
  const first = useRef({ initial, label });
  useEffect(() => {
    if (holder.current === null) return;
    const editor = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: first.current.initial,
        extensions: [
          keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
          history(),
          lineNumbers(),
          drawSelection(),
          highlightActiveLine(),
          bracketMatching(),
          closeBrackets(),
          indentOnInput(),
          indentUnit.of("  "),
          EditorView.lineWrapping,
          javascript(),
          editorColours,
          editorLook,
          EditorView.contentAttributes.of({ tabindex: "0", "aria-label": first.current.label, spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
          EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        ],
      }),
    });
    return () => editor.destroy();
  }, []);
  return <div ref={holder} className="h-72 overflow-hidden rounded-md border border-line-strong bg-surface focus-within:border-accent" />;
}
