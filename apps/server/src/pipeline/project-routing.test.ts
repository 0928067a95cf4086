import { type Project, TelltaleError } from "@telltale/model";
import type { ProjectStore } from "@telltale/store";
import { expect, test } from "vitest";
import { ProjectRouter } from "./project-routing.ts";

const project = (id: string, name: string): Project => ({ id, name, lifecycle: "active", tags: new Map(), createdMs: 0, updatedMs: 0 });

test("known projects go on receiving while the metadata database is away; unknown ones have to wait", async () => {
  let isAway = false;
  let nowMs = 0;
  const answer = async (found: Project): Promise<Project> => {
    if (isAway) throw new TelltaleError("store_unavailable", "away");
    return found;
  };
  const store = { find: (id: string) => answer(project(id, "some")), findByName: (name: string) => answer(project("7", name)) };
  const router = new ProjectRouter(store as unknown as ProjectStore, () => nowMs);
  await router.route({ projectName: "bot" }, []);
  isAway = true;
  nowMs = 60_000;
  expect(await router.route({ projectName: "bot" }, [])).toEqual({ fixed: "7" });
  expect(await router.route({}, [])).toEqual({});
  await expect(router.route({ projectName: "other" }, [])).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(router.route({ experimentId: "3" }, [])).rejects.toMatchObject({ code: "store_unavailable" });
});
