// `node serve.mjs LIBRARY MODEL`: a small real model behind OpenAI's chat completions, on a free port of this machine. The answer is held to
// the JSON schema of the request by a grammar, as llama.cpp's own server does. Prints {"url"} when it answers; ends with its parent.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [, , library, modelPath] = process.argv;
/** A model so small does not end a sentence by itself: texts that the schema leaves open get this bound (characters). */
const MAX_TEXT = 240;
const CONTEXT_TOKENS = 4096;
/** More threads wait for each other by spinning: on a machine that does something else, a word then takes seconds instead of 15 ms. */
const threads = 1;

const { getLlama, LlamaChatSession } = await import(pathToFileURL(library).href);
const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: "error", progressLogs: false, maxThreads: threads });
const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
const context = await model.createContext({ contextSize: CONTEXT_TOKENS, sequences: 1, threads });
const sequence = context.getSequence();

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    // One context, one question at a time.
    turn = turn
      .then(() => complete(JSON.parse(Buffer.concat(chunks).toString("utf8"))))
      .then(
        (answer) => send(response, 200, answer),
        (error) => send(response, 500, { error: { message: String(error) } }),
      );
  });
});
let turn = Promise.resolve();
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/v1` })));
process.stdin.resume().on("end", () => process.exit(0));

async function complete({ model: name, messages, response_format: format, max_tokens: maxTokens, temperature = 0 }) {
  await sequence.clearHistory();
  const history = messages
    .slice(0, -1)
    .map(({ role, content }) => (role === "assistant" ? { type: "model", response: [content] } : { type: role, text: content }));
  const session = new LlamaChatSession({ contextSequence: sequence, systemPrompt: "" });
  session.setChatHistory(history);
  const schema = format?.json_schema?.schema;
  const before = sequence.tokenMeter.getState();
  const { responseText: text, stopReason } = await session.promptWithMeta(messages.at(-1).content, {
    ...(schema === undefined ? {} : { grammar: await llama.createGrammarForJsonSchema(bounded(schema)) }),
    maxTokens: maxTokens ?? 500,
    temperature,
  });
  const used = sequence.tokenMeter.diff(before);
  session.dispose({ disposeSequence: false });
  return {
    id: "chatcmpl-local",
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: name,
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: stopReason === "maxTokens" ? "length" : "stop" }],
    usage: { prompt_tokens: used.usedInputTokens, completion_tokens: used.usedOutputTokens, total_tokens: used.usedInputTokens + used.usedOutputTokens },
  };
}

function bounded(schema) {
  if (schema.type === "object") return { ...schema, properties: Object.fromEntries(Object.entries(schema.properties).map(([key, of]) => [key, bounded(of)])) };
  return schema.type === "string" && schema.enum === undefined ? { ...schema, maxLength: schema.maxLength ?? MAX_TEXT } : schema;
}

function send(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
