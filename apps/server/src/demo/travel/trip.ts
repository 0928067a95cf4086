import { judged, thumbs } from "../judgements.ts";
import { type ChatMessage, callModelWithRetry } from "../model-call.ts";
import { models } from "../models.ts";
import { type Scene, type Scenario, serviceOf, someUser } from "../scene.ts";
import { SimulatedError, TraceBuilder } from "../trace-builder.ts";
import { destinations, homes, wishes } from "./places.ts";
import { type Answered, type Flight, type Plan, convertCurrency, getWeather, holdBooking, searchFlights, searchHotels, travelTools } from "./tools.ts";

const system =
  "You plan trips for the customers of Wayfare. Use the tools; never invent flights, hotels or prices. Call tools in parallel when they do not depend on each other. Hold a flight only when the traveller asks for it. Answer briefly, with prices in the traveller's currency and one sentence on the weather.";

/** A tool-using agent plans a trip: two to four model calls, tools side by side, another service behind some of them. */
export const planTrip: Scenario = (scene) => {
  const { random } = scene;
  const plan = somePlan(scene);
  const asksToHold = random.chance(0.35);
  const trace = new TraceBuilder(random, serviceOf(scene, "trip-agent"), scene.startMs);
  const request = `${plan.travellers === 1 ? "I want" : `We are ${plan.travellers} and want`} to go to ${plan.place.city} from ${plan.home.city} on ${plan.date} for ${plan.nights} nights, ${plan.wish}, at most ${plan.budgetUsd} USD per person.${asksToHold ? " Please hold the best flight for us." : ""}`;
  const attributes = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "trip-planner",
    "session.id": `trip-${random.hex(8)}`,
    "user.id": someUser(random),
    "tag.tags": [plan.place.country, asksToHold ? "booking" : "research"],
    "input.value": request,
  };
  let quality = 0;
  try {
    trace.span("invoke_agent trip-planner", { otelKind: 2, scope: "wayfare.agent", attributes }, (root) => {
      const { text, flights } = converse(trace, scene, plan, request, asksToHold);
      quality = (flights > 0 ? 0.85 : 0.3) - (scene.weather.isBadRelease ? 0.2 : 0) + random.normal() * 0.08;
      root.attributes["output.value"] = text;
    });
  } catch (error) {
    if (!(error instanceof SimulatedError)) throw error;
    return [{ traceId: trace.traceId, spans: trace.spans, judgements: [] }];
  }
  return [{ traceId: trace.traceId, spans: trace.spans, judgements: [...thumbs(random, quality), ...judged(scene, "task_completion", quality, explain)] }];
};

function converse(trace: TraceBuilder, scene: Scene, plan: Plan, request: string, asksToHold: boolean): { text: string; flights: number } {
  const messages: ChatMessage[] = [{ role: "user", text: request }];
  const model = scene.random.weighted([
    [models.large, 6],
    [models.sonnet, 4],
  ] as const);
  const think = (answer: Extract<ChatMessage, { role: "assistant" }>): void => {
    const failures = scene.random.chance(scene.weather.rateLimited) ? (["rate_limited"] as const) : [];
    callModelWithRetry(
      trace,
      { model, system, messages, answer, tools: travelTools, cached: messages.length > 2 ? 0.8 : 0, slowness: scene.weather.slowness },
      failures,
    );
    messages.push(answer);
  };
  const useTools = (run: () => Answered[]): void => {
    const { result, replay } = trace.rehearse(run);
    think({ role: "assistant", calls: result.map(({ call }) => call) });
    replay();
    for (const { call, response } of result) messages.push({ role: "tool", id: call.id, response });
  };

  let flights: Flight[] = [];
  let hotel = "";
  let retries = 0;
  do {
    useTools(() => {
      const answers: Answered[] = [];
      trace.parallel([
        () => {
          const found = searchFlights(trace, scene, plan);
          flights = found.flights;
          answers.push(found);
        },
        ...(retries > 0
          ? []
          : [
              () => {
                const found = searchHotels(trace, scene, plan);
                hotel = found.hotel;
                answers.push(found);
              },
              () => void answers.push(getWeather(trace, scene, plan)),
            ]),
      ]);
      return answers;
    });
    retries += 1;
  } while (flights.length === 0 && retries < 3);
  if (scene.random.chance(0.4)) useTools(() => [convertCurrency(trace, scene, plan)]);
  const best = flights.toSorted((a, b) => a.price_usd - b.price_usd)[0];
  if (asksToHold && best !== undefined) useTools(() => [holdBooking(trace, scene, plan, best)]);
  const text = closing(plan, best, hotel, asksToHold);
  think({ role: "assistant", text });
  return { text, flights: flights.length };
}

function closing(plan: Plan, best: Flight | undefined, hotel: string, held: boolean): string {
  if (best === undefined)
    return `I could not reach the flight search just now, so I have no flight to ${plan.place.city} to offer. The stay would work: ${hotel} in ${plan.place.district} has rooms for your dates. Shall I try the flights again in a few minutes?`;
  const flight = `${best.airline} ${best.flight} leaves ${plan.home.city} at ${best.departs.slice(11)} for ${best.price_usd} USD per person`;
  const over = best.price_usd > plan.budgetUsd ? " That alone is above your budget; two days later it is usually cheaper." : "";
  return `${flight}.${over} For the ${plan.nights} nights I suggest ${hotel} in ${plan.place.district} (${plan.wish}). ${held ? "I am holding the flight for 24 hours; no payment is due yet. " : ""}Pack a light jacket: evenings in ${plan.place.city} get cool.`;
}

function somePlan(scene: Scene): Plan {
  const { random } = scene;
  const date = new Date(scene.startMs + random.int(9, 120) * 86_400_000).toISOString().slice(0, 10);
  return {
    home: random.pick(homes),
    place: random.pick(destinations),
    date,
    nights: random.int(2, 12),
    travellers: random.int(1, 4),
    wish: random.pick(wishes),
    budgetUsd: random.int(5, 28) * 100,
  };
}

function explain(score: number): string {
  return score > 0.6
    ? "All wishes were looked up with a fitting tool and the prices come from tool results."
    : "The traveller's request was answered without a usable flight.";
}
