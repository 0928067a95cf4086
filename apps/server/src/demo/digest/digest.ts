import { callModelWithRetry } from "../model-call.ts";
import { models } from "../models.ts";
import type { Random } from "../random.ts";
import { type Scenario, serviceOf } from "../scene.ts";
import { SimulatedError, TraceBuilder } from "../trace-builder.ts";

const openings = ["Customer reports", "Caller says", "Dealer writes", "Customer asks again:", "Tenant reports"];
const problems = [
  "that the heating in the living room stays at 17 °C although 21 °C is set",
  "two parcels with the same content and one invoice too many",
  "that the app signs her out every time the phone restarts",
  "a cracked housing on arrival, photos attached",
  "that the boiler relay hums loudly at night",
  "missing screws in the mounting kit of the valve",
  "that the hub loses its network after every power cut",
];
const steps = [
  "Asked for the serial number and the log.",
  "Sent the return label.",
  "Relay paired again on the phone, works for now.",
  "Forwarded to the warehouse.",
  "Explained the schedule and holiday mode.",
  "Offered a replacement, customer accepts.",
  "No answer for three days, reminder sent.",
];
const ends = ["Closed by customer.", "Waiting for the parcel.", "Escalated to second level.", "Refund approved.", "Open."];

function ticket(random: Random): { id: string; text: string } {
  const lines = [`${random.pick(openings)} ${random.pick(problems)}.`, ...random.sample(steps, random.int(2, 4)), random.pick(ends)];
  return { id: `T-${random.int(41_000, 58_000)}`, text: lines.join(" ") };
}

const system =
  "Summarise each support ticket in one sentence: problem, what was done, state. Keep numbers and names. Then name the two most frequent problems of the batch.";

/** A batch job reads tickets and sums them up: no user, many tokens in, few out. */
export const summariseTickets: Scenario = (scene) => {
  const { random, weather } = scene;
  const trace = new TraceBuilder(random, serviceOf(scene, "ticket-digest"), scene.startMs);
  const tickets = Array.from({ length: weather.costSpike ? random.int(500, 800) : random.int(6, 14) }, () => ticket(random));
  const digest = tickets
    .slice(0, 8)
    .map(({ id, text }) => `${id}: ${text.split(". ")[0] ?? text}.`)
    .join("\n");
  const attributes = {
    "gen_ai.operation.name": "invoke_workflow",
    "gen_ai.workflow.name": "ticket-digest",
    "tag.tags": ["batch", weather.costSpike ? "backfill" : "hourly"],
    metadata: JSON.stringify({ tickets: tickets.length, requested_by: weather.costSpike ? "svc-backfill" : "scheduler" }),
    "input.value": `${tickets.length} tickets since the last run`,
  };
  try {
    trace.span("ticket_digest", { scope: "hearthly.jobs", attributes }, (root) => {
      trace.span("load_tickets", { otelKind: 3, attributes: { "db.system.name": "postgresql", "db.operation.name": "SELECT" } }, () =>
        trace.wait(random.logNormal(45, 0.5)),
      );
      const text = `${digest}\n\nMost frequent: rooms that stay cold after pairing was lost, and parcels sent twice.`;
      callModelWithRetry(
        trace,
        {
          model: weather.costSpike ? models.opus : models.haiku,
          system,
          messages: [{ role: "user", text: tickets.map(({ id, text: body }) => `${id}\n${body}`).join("\n\n") }],
          answer: { role: "assistant", text },
          temperature: 0,
          maxTokens: 4096,
          slowness: weather.slowness,
          prompt: { name: "ticket-digest", version: "3" },
        },
        random.chance(weather.rateLimited) ? ["rate_limited"] : [],
      );
      trace.span("store_digest", { otelKind: 3, attributes: { "db.system.name": "postgresql", "db.operation.name": "INSERT" } }, () =>
        trace.wait(random.logNormal(12, 0.4)),
      );
      root.attributes["output.value"] = text;
    });
  } catch (error) {
    if (!(error instanceof SimulatedError)) throw error;
  }
  return [{ traceId: trace.traceId, spans: trace.spans, judgements: [] }];
};
