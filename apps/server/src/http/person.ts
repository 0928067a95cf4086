import type { FastifyRequest } from "fastify";
import { TelltaleError } from "@telltale/model";
import { z } from "zod";

const HEADER = "x-telltale-person";

/** For the documentation: everything else in the headers stays as it is. */
export const PersonHeaders = z.looseObject({
  [HEADER]: z.string().min(1).max(200).optional().describe("Whose private things are meant: any id that the client keeps, until there are accounts"),
});

/**
 * Who asks, as far as anybody can say before there are accounts: the id that a browser made up and keeps. It separates what
 * people keep for themselves; it protects nothing from somebody who knows it.
 */
export function personOf(request: FastifyRequest): string | undefined {
  const value = request.headers[HEADER];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Throws `bad_request` when nobody is named. */
export function requiredPerson(request: FastifyRequest): string {
  const person = personOf(request);
  if (person === undefined) throw new TelltaleError("bad_request", `Something private needs an owner: send the header ${HEADER}`, { field: HEADER });
  return person;
}
