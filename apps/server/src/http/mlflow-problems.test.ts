import { TelltaleError } from "@telltale/model";
import { expect, test } from "vitest";
import { appUnderTest } from "./app-under-test.ts";

test("a refused trace of an MLflow client is a problem, a refused search is not", async () => {
  const { app, problems } = await appUnderTest({
    registerMlflow: (scope) => {
      for (const url of ["/api/3.0/mlflow/traces", "/api/3.0/mlflow/traces/search"]) {
        scope.post(url, async () => {
          throw new TelltaleError("project_not_found", "No Experiment with id=9 exists");
        });
      }
    },
  });
  await app.inject({ method: "POST", url: "/api/3.0/mlflow/traces/search", payload: {} });
  expect(problems.problems()).toEqual([]);
  await app.inject({ method: "POST", url: "/api/3.0/mlflow/traces", payload: {}, headers: { "user-agent": "mlflow-python-client/3.18.0" } });
  expect(problems.problems()[0]).toMatchObject({ code: "project_not_found", message: "No Experiment with id=9 exists", client: "mlflow-python-client/3.18.0" });
  expect(problems.totals.rejectedRequests).toBe(1);
  await app.close();
});
