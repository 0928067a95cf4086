import { type ToolCall, type ToolSpec } from "../model-call.ts";
import type { Scene } from "../scene.ts";
import { runTool, toolCall } from "../tool-call.ts";
import { SimulatedError, type TraceBuilder } from "../trace-builder.ts";
import { type Place, airlines, hotelNames } from "./places.ts";

export const travelTools: readonly ToolSpec[] = [
  {
    name: "search_flights",
    description: "Flights between two airports on a day",
    parameters: { from: "string", to: "string", date: "string", travellers: "integer" },
  },
  {
    name: "search_hotels",
    description: "Hotels with free rooms in a city",
    parameters: { city: "string", check_in: "string", nights: "integer", wish: "string" },
  },
  { name: "get_weather", description: "Forecast or climate for a city and a week", parameters: { city: "string", week_of: "string" } },
  { name: "convert_currency", description: "Converts an amount at today's rate", parameters: { amount: "number", from: "string", to: "string" } },
  { name: "hold_booking", description: "Holds a flight for 24 hours without payment", parameters: { flight: "string", travellers: "integer" } },
];

export interface Plan {
  home: Place;
  place: Place;
  date: string;
  nights: number;
  travellers: number;
  wish: string;
  budgetUsd: number;
}

export interface Flight {
  flight: string;
  airline: string;
  departs: string;
  price_usd: number;
}

export interface Answered {
  call: ToolCall;
  response: unknown;
}

export function searchFlights(trace: TraceBuilder, scene: Scene, plan: Plan): Answered & { flights: Flight[] } {
  const { random, weather } = scene;
  const flights = Array.from({ length: random.int(2, 5) }, () => {
    const airline = random.pick(airlines);
    const departs = `${plan.date}T${String(random.int(6, 21)).padStart(2, "0")}:${random.pick(["05", "20", "35", "50"])}`;
    return {
      flight: `${airline.slice(0, 2).toUpperCase()}${random.int(100, 989)}`,
      airline,
      departs,
      price_usd: Math.round(random.logNormal(plan.budgetUsd * 0.45, 0.3)),
    };
  });
  const failure = weather.flightsDown
    ? new SimulatedError("UpstreamUnavailable", "flight provider answered 503 Service Unavailable", 503)
    : random.chance(weather.isBadRelease ? 0.16 : 0.02)
      ? new SimulatedError("ToolTimeout", "search_flights gave no answer within 8 s")
      : undefined;
  const call = toolCall(trace, "search_flights", { from: plan.home.airport, to: plan.place.airport, date: plan.date, travellers: plan.travellers });
  const inside = (): void => callBookingApi(trace, scene, "GET /v2/flights", failure);
  const response = runTool(trace, call, {
    medianMs: 12,
    description: describe("search_flights"),
    result: { flights },
    failure,
    inside,
  });
  return { call, response, flights: failure === undefined ? flights : [] };
}

export function searchHotels(trace: TraceBuilder, scene: Scene, plan: Plan): Answered & { hotel: string } {
  const { random } = scene;
  const hotels = random
    .sample(hotelNames, 3)
    .map((name) => ({ name, district: plan.place.district, per_night_usd: random.int(68, 320), rating: random.int(72, 97) / 10 }));
  const call = toolCall(trace, "search_hotels", { city: plan.place.city, check_in: plan.date, nights: plan.nights, wish: plan.wish });
  const inside = (): void => callBookingApi(trace, scene, "GET /v2/hotels", undefined);
  return {
    call,
    response: runTool(trace, call, { medianMs: 10, description: describe("search_hotels"), result: { hotels }, inside }),
    hotel: hotels[0]?.name ?? "",
  };
}

export function getWeather(trace: TraceBuilder, scene: Scene, plan: Plan): Answered {
  const { random } = scene;
  const result = {
    city: plan.place.city,
    high_c: random.int(9, 31),
    low_c: random.int(1, 18),
    rain_days: random.int(0, 5),
    source: "climate normals 1996-2025",
  };
  const call = toolCall(trace, "get_weather", { city: plan.place.city, week_of: plan.date });
  const failure = random.chance(0.02) ? new SimulatedError("HTTPStatusError", "weather service answered 502 Bad Gateway", 502) : undefined;
  return { call, response: runTool(trace, call, { medianMs: 140, description: describe("get_weather"), result, failure }) };
}

export function convertCurrency(trace: TraceBuilder, scene: Scene, plan: Plan): Answered {
  const call = toolCall(trace, "convert_currency", { amount: plan.budgetUsd, from: "USD", to: plan.place.currency });
  const rates: Record<string, number> = { EUR: 0.92, JPY: 149, MAD: 9.8, ISK: 138, MXN: 18.4, KRW: 1370, ZAR: 17.9, CAD: 1.38, TRY: 41.2 };
  const amount = Math.round(plan.budgetUsd * (rates[plan.place.currency] ?? 1));
  return {
    call,
    response: runTool(trace, call, {
      medianMs: 35,
      description: describe("convert_currency"),
      result: { amount, currency: plan.place.currency, as_of: plan.date },
    }),
  };
}

export function holdBooking(trace: TraceBuilder, scene: Scene, plan: Plan, flight: Flight): Answered {
  const call = toolCall(trace, "hold_booking", { flight: flight.flight, travellers: plan.travellers });
  const gone = scene.random.chance(0.08) ? new SimulatedError("FareNoLongerAvailable", `fare of ${flight.flight} changed while holding`, 409) : undefined;
  const inside = (): void => callBookingApi(trace, scene, "POST /v2/holds", gone);
  const result = { hold: `H${scene.random.hex(7).toUpperCase()}`, expires_in_hours: 24 };
  return { call, response: runTool(trace, call, { medianMs: 9, description: describe("hold_booking"), result, failure: gone, inside }) };
}

/** The booking system is another service: its span comes from another process of the same trace. */
function callBookingApi(trace: TraceBuilder, scene: Scene, route: string, failure: SimulatedError | undefined): void {
  const service = { name: "booking-api", version: "v88", environment: scene.environment, instance: `booking-api-${scene.random.pick(["0", "1"])}` };
  const [method = "GET", path = "/"] = route.split(" ");
  const attributes = { "http.request.method": method, "http.route": path, "http.response.status_code": failure?.httpStatus ?? 200 };
  trace.span(route, { otelKind: 2, scope: "opentelemetry.instrumentation.fastapi", service, attributes }, () => {
    // Whoever gave up after eight seconds was still being served.
    trace.wait(failure?.type === "ToolTimeout" ? 7980 : trace.random.logNormal(230, 0.5) * scene.weather.slowness);
    if (failure?.httpStatus !== undefined) throw failure;
  });
}

function describe(name: string): string {
  return travelTools.find((tool) => tool.name === name)?.description ?? "";
}
