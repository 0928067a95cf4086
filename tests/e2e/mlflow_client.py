"""Drives the real MLflow client against a server; one JSON line per case on stdout.

Usage: mlflow_client.py URL [CASE …]. A case is a function below whose name starts with `case_`; it fails by an assertion.
"""

import asyncio
import json
import os
import sys
import time
import traceback
import urllib.request

URL = sys.argv[1]
os.environ.setdefault("MLFLOW_TRACKING_URI", URL)
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import mlflow  # noqa: E402
from mlflow.entities import AssessmentSource, SpanType  # noqa: E402

requests_sent = []


def watch_requests():
    """Notes method and path of every request, to see what the client does and does not ask for."""
    import requests

    send = requests.Session.send

    def noting(self, request, **kwargs):
        requests_sent.append(f"{request.method} {request.path_url.split('?')[0]}")
        return send(self, request, **kwargs)

    requests.Session.send = noting


def experiment(name):
    return mlflow.set_experiment(f"{name}-{time.time_ns()}").experiment_id


def flush():
    mlflow.flush_trace_async_logging()


def last_trace():
    flush()
    trace = mlflow.get_trace(mlflow.get_last_active_trace_id())
    assert trace is not None
    return trace


def ids(traces):
    return [trace.info.trace_id for trace in traces]


def case_version_and_default_experiment():
    from mlflow import MlflowClient

    assert MlflowClient().get_experiment("0").name == "Default"
    with mlflow.start_span("no experiment was set") as span:
        pass
    flush()
    assert mlflow.get_trace(span.trace_id).info.experiment_id == "0"


def case_experiments():
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    client = MlflowClient()
    name = f"shop-{time.time_ns()}"
    created = client.create_experiment(name, tags={"team": "a"})
    try:
        client.create_experiment(name)
        raise AssertionError("a name was taken twice")
    except MlflowException as error:
        assert error.error_code == "RESOURCE_ALREADY_EXISTS", error
    assert mlflow.set_experiment(name).experiment_id == created
    assert client.get_experiment_by_name("there is none") is None
    client.set_experiment_tag(created, "stage", "prod")
    assert client.get_experiment(created).tags == {"team": "a", "stage": "prod"}
    client.delete_experiment_tag(created, "team")
    client.rename_experiment(created, f"{name} renamed")
    found = client.search_experiments(filter_string=f"name LIKE '{name}%' AND tags.stage = 'prod'", order_by=["name ASC"])
    assert [item.name for item in found] == [f"{name} renamed"], found
    client.delete_experiment(created)
    assert client.get_experiment(created).lifecycle_stage == "deleted"
    client.restore_experiment(created)
    mlflow.set_experiment(experiment_id=created)


def case_decorated_function():
    experiment("simple")

    @mlflow.trace
    def hello(x, scale):
        return {"y": x * scale, "half": 0.5, "one": 1.0, "big": 2**60, "none": None, "text": "日本語 \u0000 \U0001f600"}

    result = hello(3, scale=2)
    trace = last_trace()
    assert trace.info.state == "OK" and trace.info.request_preview
    (span,) = trace.data.spans
    assert span.name == "hello" and span.parent_id is None
    assert span.inputs == {"x": 3, "scale": 2}, span.inputs
    expected = {**result, "text": span.outputs["text"]}
    assert span.outputs == expected, span.outputs
    assert span.outputs["text"].startswith("日本語") and span.outputs["text"].endswith("\U0001f600")
    assert isinstance(span.outputs["one"], float) and isinstance(span.outputs["big"], int)
    assert trace.info.trace_metadata["mlflow.trace_schema.version"] == "3"
    assert trace.info.tags["mlflow.trace.spansLocation"] == "TRACKING_STORE"
    uploads = [sent for sent in requests_sent if sent.endswith("traces.json")]
    assert uploads == [], uploads


def case_nested_with_llm_retriever_tool_and_events():
    experiment("nested")

    @mlflow.trace(span_type=SpanType.CHAIN, attributes={"k": "v", "n": 3, "f": 0.5, "flags": [True, False], "deep": {"a": [1, 2.5]}})
    def root(q):
        with mlflow.start_span("retrieve", span_type=SpanType.RETRIEVER) as span:
            span.set_inputs({"query": q})
            span.set_outputs([{"page_content": "doc text", "metadata": {"doc_uri": "u1"}, "id": "d1"}])
        with mlflow.start_span("tool", span_type=SpanType.TOOL) as span:
            span.set_inputs({"a": 1})
            span.add_event(mlflow.entities.SpanEvent("evt", attributes={"x": 1, "s": "str"}))
            span.set_outputs(2)
        with mlflow.start_span("llm", span_type=SpanType.LLM) as span:
            span.set_inputs({"messages": [{"role": "user", "content": q}]})
            span.set_attribute("mlflow.llm.model", "gpt-4o-mini")
            span.set_attribute("mlflow.llm.provider", "openai")
            span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15})
            span.set_outputs({"choices": [{"message": {"role": "assistant", "content": "ok"}}]})
        return "done"

    root("what?")
    trace = last_trace()
    spans = {span.name: span for span in trace.data.spans}
    assert list(spans) == ["root", "retrieve", "tool", "llm"], list(spans)
    assert {span.parent_id for span in trace.data.spans[1:]} == {spans["root"].span_id}
    assert spans["root"].get_attribute("n") == 3 and spans["root"].get_attribute("f") == 0.5
    assert spans["root"].get_attribute("flags") == [True, False] and spans["root"].get_attribute("deep") == {"a": [1, 2.5]}
    assert spans["retrieve"].span_type == "RETRIEVER" and spans["retrieve"].outputs[0]["metadata"] == {"doc_uri": "u1"}
    (event,) = spans["tool"].events
    assert event.name == "evt" and dict(event.attributes) == {"x": 1, "s": "str"}, event
    assert spans["tool"].outputs == 2
    assert trace.info.token_usage == {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    assert abs(json.loads(trace.info.trace_metadata["mlflow.trace.cost"])["total_cost"] - 4.5e-6) < 1e-12
    assert trace.search_spans(span_type=SpanType.TOOL)[0].name == "tool"


def case_error():
    experiment("error")

    @mlflow.trace
    def boom():
        raise ValueError("it broke: ü")

    try:
        boom()
    except ValueError:
        pass
    trace = last_trace()
    assert trace.info.state == "ERROR"
    (span,) = trace.data.spans
    assert span.status.status_code == "ERROR" and "it broke: ü" in span.status.description
    (event,) = span.events
    assert event.attributes["exception.type"] == "ValueError" and "boom" in event.attributes["exception.stacktrace"]


def case_async_and_streams():
    experiment("async")

    @mlflow.trace
    async def answer(n):
        await asyncio.sleep(0.01)
        return n + 1

    @mlflow.trace(output_reducer=lambda chunks: "".join(chunks))
    def stream(n):
        for i in range(n):
            yield f"c{i}"

    @mlflow.trace
    async def async_stream(n):
        for i in range(n):
            yield f"a{i}"

    async def run():
        results = await asyncio.gather(*(answer(n) for n in range(5)))
        assert results == [1, 2, 3, 4, 5]
        assert [chunk async for chunk in async_stream(3)] == ["a0", "a1", "a2"]

    asyncio.run(run())
    assert last_trace().data.spans[0].outputs == ["a0", "a1", "a2"]
    assert list(stream(3)) == ["c0", "c1", "c2"]
    trace = last_trace()
    (span,) = trace.data.spans
    assert span.outputs == "c0c1c2"
    assert [event.name for event in span.events] == ["mlflow.chunk.item.0", "mlflow.chunk.item.1", "mlflow.chunk.item.2"]
    assert len(mlflow.search_traces(return_type="list")) == 7


def case_fastapi_endpoint_with_tags():
    """The application of the first page of our documentation, as it is."""
    from fastapi import FastAPI, Request
    from fastapi.testclient import TestClient

    experiment_id = experiment("fastapi")
    app = FastAPI()

    @app.post("/chat")
    @mlflow.trace
    async def handle_chat(request: Request):
        body = await request.json()
        mlflow.update_current_trace(
            client_request_id=request.headers["X-Request-ID"],
            tags={
                "mlflow.trace.session": request.headers["X-Session-ID"],
                "mlflow.trace.user": request.headers["X-User-ID"],
                "environment": "production",
                "app_version": "1.0.0",
                "deployment_id": "dep-1",
            },
        )
        return {"response": f"Hello {body['message']}", "trace_id": mlflow.get_current_active_span().trace_id}

    client = TestClient(app)
    for turn in range(3):
        headers = {"X-Request-ID": f"req-{turn}", "X-Session-ID": "session-1", "X-User-ID": "user-1"}
        assert client.post("/chat", json={"message": f"turn {turn}"}, headers=headers).status_code == 200
    other = {"X-Request-ID": "req-x", "X-Session-ID": "session-2", "X-User-ID": "user-2"}
    trace_id = client.post("/chat", json={"message": "other"}, headers=other).json()["trace_id"]
    flush()
    trace = mlflow.get_trace(trace_id)
    assert trace.info.client_request_id == "req-x"
    assert trace.info.tags["environment"] == "production" and trace.info.tags["deployment_id"] == "dep-1"
    mlflow.log_feedback(
        trace_id=trace_id,
        name="user_satisfaction",
        value=True,
        source=AssessmentSource(source_type="HUMAN", source_id="user-2"),
        rationale="helped",
    )
    count = lambda text: len(mlflow.search_traces(locations=[experiment_id], filter_string=text, return_type="list"))  # noqa: E731
    assert count("tags.environment = 'production'") == 4
    assert count("tags.`mlflow.trace.session` = 'session-1'") == 3
    assert count("metadata.`mlflow.trace.session` = 'session-1'") == 3
    assert count("metadata.`mlflow.trace.user` = 'user-2'") == 1
    assert count("client_request_id = 'req-1'") == 1
    assert count("feedback.user_satisfaction = 'true'") == 1
    sessions = mlflow.search_sessions(locations=[experiment_id]) if hasattr(mlflow, "search_sessions") else None
    if sessions is not None:
        assert sorted(len(session.traces if hasattr(session, "traces") else list(session)) for session in sessions) == [1, 3], sessions


def case_session_and_user_arguments():
    experiment_id = experiment("session")

    @mlflow.trace
    def turn(x):
        mlflow.update_current_trace(session_id="s-9", user="u-9", metadata={"own": "1"})
        return x

    turn(1)
    trace = last_trace()
    assert trace.info.trace_metadata["mlflow.trace.session"] == "s-9" and trace.info.trace_metadata["own"] == "1"
    found = mlflow.search_traces(locations=[experiment_id], filter_string="metadata.`mlflow.trace.user` = 'u-9' AND metadata.own = '1'", return_type="list")
    assert ids(found) == [trace.info.trace_id]


def case_feedback():
    experiment("feedback")
    with mlflow.start_span("root") as span:
        pass
    flush()
    trace_id = span.trace_id
    human = AssessmentSource(source_type="HUMAN", source_id="ann")
    values = {"yes": True, "count": 3, "score": 0.75, "word": "good", "list": ["a", "b"], "dict": {"a": 1, "b": 0.5, "c": None}}
    for name, value in values.items():
        mlflow.log_feedback(trace_id=trace_id, name=name, value=value, source=human, metadata={"m": "1"})
    mlflow.log_feedback(trace_id=trace_id, name="failed", error=ValueError("judge failed"))
    mlflow.log_feedback(trace_id=trace_id, name="on span", value=1, span_id=span.span_id)
    read = {item.name: item for item in mlflow.get_trace(trace_id).info.assessments}
    assert {name: read[name].value for name in values} == values, read
    assert read["failed"].value is None and read["failed"].error.error_message == "judge failed"
    assert read["on span"].span_id == span.span_id
    assert read["yes"].source.source_type == "HUMAN" and read["yes"].source.source_id == "ann" and read["yes"].metadata["m"] == "1"

    updated = mlflow.update_assessment(trace_id=trace_id, assessment_id=read["yes"].assessment_id, assessment=mlflow.entities.Feedback(name="yes", value=False, rationale="changed", metadata={"n": "2"}))
    assert updated.value is False and updated.metadata == {"m": "1", "n": "2"} and updated.source.source_id == "ann"
    new = mlflow.override_feedback(trace_id=trace_id, assessment_id=read["score"].assessment_id, value=0.1, rationale="boss", source=AssessmentSource("HUMAN", "boss"))
    assert new.overrides == read["score"].assessment_id
    assert mlflow.get_assessment(trace_id, read["score"].assessment_id).valid is False
    mlflow.delete_assessment(trace_id, new.assessment_id)
    assert mlflow.get_assessment(trace_id, read["score"].assessment_id).valid is True
    mlflow.delete_assessment(trace_id, read["word"].assessment_id)
    assert "word" not in {item.name for item in mlflow.get_trace(trace_id).info.assessments}
    from mlflow.exceptions import MlflowException

    try:
        mlflow.log_feedback(trace_id="tr-" + "f" * 32, name="x", value=1)
        raise AssertionError("feedback on a trace that is not there")
    except MlflowException as error:
        assert error.error_code == "RESOURCE_DOES_NOT_EXIST", error


def case_expectations():
    experiment("expectations")
    with mlflow.start_span("root") as span:
        pass
    flush()
    trace_id = span.trace_id
    values = {"text": "the answer", "facts": ["f1", {"n": 1, "f": 1.5}], "structure": {"a": 1, "nested": {"list": [1, 2]}}, "number": 5}
    for name, value in values.items():
        mlflow.log_expectation(trace_id=trace_id, name=name, value=value, source=AssessmentSource("HUMAN", "ann"))
    read = {item.name: item for item in mlflow.get_trace(trace_id).info.assessments}
    assert {name: read[name].value for name in values} == values, read
    assert isinstance(read["facts"].value[1]["n"], int)
    changed = mlflow.update_assessment(trace_id=trace_id, assessment_id=read["facts"].assessment_id, assessment=mlflow.entities.Expectation(name="facts", value=["f2"]))
    assert changed.value == ["f2"]
    assert len(mlflow.search_traces(filter_string="expectation.text = 'the answer'", return_type="list")) == 1


def case_feedback_inside_the_trace():
    experiment("inline")

    @mlflow.trace
    def f(x):
        mlflow.log_feedback(trace_id=mlflow.get_current_active_span().trace_id, name="inline", value=True)
        return x

    f(1)
    assert [item.name for item in last_trace().info.assessments] == ["inline"]


def case_search():
    from mlflow.exceptions import MlflowException

    experiment_id = experiment("search")
    made = []
    for i in range(7):
        try:
            with mlflow.start_span(f"name-{i}", span_type=SpanType.TOOL if i % 2 else SpanType.LLM) as span:
                span.set_inputs({"question": f"where is the lighthouse number{i}"})
                span.set_attribute("top_k", i)
                mlflow.update_current_trace(tags={"parity": "odd" if i % 2 else "even", "with.dot": str(i)}, metadata={"i": str(i)}, client_request_id=f"req-{i}")
                time.sleep(0.005)
                if i == 6:
                    raise RuntimeError("last one fails")
        except RuntimeError:
            pass
        made.append(span.trace_id)
    flush()
    for i, trace_id in enumerate(made[:3]):
        mlflow.log_feedback(trace_id=trace_id, name="score", value=i)
        mlflow.log_feedback(trace_id=trace_id, name="verdict", value="yes" if i else "no")
    search = lambda text="", **more: ids(mlflow.search_traces(locations=[experiment_id], filter_string=text, return_type="list", **more))  # noqa: E731
    newest = made[::-1]
    assert search() == newest
    assert search(include_spans=False) == newest
    assert search(max_results=3) == newest[:3]
    assert search(order_by=["timestamp_ms ASC"]) == made
    assert search(order_by=["name DESC"]) == newest
    assert search(order_by=["tags.parity ASC", "timestamp_ms DESC"]) == newest[0::2] + newest[1::2]
    expected = {
        "status = 'OK'": made[:6],
        "trace.status = 'ERROR'": made[6:],
        "attributes.status != 'OK'": made[6:],
        "status IN ('OK', 'ERROR')": made,
        "status NOT IN ('ERROR')": made[:6],
        "name = 'name-2'": made[2:3],
        "trace.name LIKE 'name-%' AND name ILIKE '%E-3'": made[3:4],
        "name RLIKE '^name-[01]$'": made[:2],
        f"request_id = '{made[4]}'": made[4:5],
        f"request_id IN ('{made[4]}', '{made[5]}')": made[4:6],
        "client_request_id = 'req-5'": made[5:6],
        "trace.client_request_id LIKE 'req%'": made,
        "timestamp_ms > 0 AND timestamp < 99999999999999": made,
        "execution_time_ms >= 5 AND execution_time < 60000.5": made,
        "end_time_ms > 0": made,
        "tags.parity = 'odd'": made[1::2],
        "tag.parity != 'odd'": made[0::2],
        "tags.`with.dot` = '3'": made[3:4],
        'tags."with.dot" = "3"': made[3:4],
        "tags.nothing IS NULL": made,
        "tags.parity IS NOT NULL": made,
        "tags.parity RLIKE '^od'": made[1::2],
        "metadata.i = '1'": made[1:2],
        "request_metadata.i LIKE '1%'": made[1:2],
        "span.type = 'TOOL'": made[1::2],
        "span.name = 'name-1' AND span.type = 'TOOL'": made[1:2],
        "span.name = 'name-1' AND span.type = 'LLM'": [],
        "span.status = 'ERROR'": made[6:],
        "span.attributes.top_k = '3'": made[3:4],
        "span.attributes.top_k LIKE '%3%'": made[3:4],
        "span.content LIKE '%number4%'": made[4:5],
        "trace.text LIKE '%lighthouse%'": made,
        "feedback.score >= 1": made[1:3],
        "feedback.score = '1'": made[1:2],
        "feedback.score = '1.0'": made[1:2],
        "feedback.verdict = 'yes'": made[1:3],
        "feedback.verdict IS NULL": made[3:],
        "feedback.verdict IS NOT NULL AND status = 'OK'": made[:3],
        # ours: what MLflow's grammar does not have
        "status = 'ERROR' OR name = 'name-0'": [made[0], made[6]],
        "NOT (tags.parity = 'odd')": made[0::2],
        f"trace_id = '{made[2]}'": made[2:3],
    }
    wrong = {}
    for text, traces in expected.items():
        found = search(text)
        if found != traces[::-1]:
            wrong[text] = [made.index(trace_id) for trace_id in found]
    assert wrong == {}, wrong
    for text in ["status = OK", "   ", "foo = 'x'", "status = 'OK' LIMIT 1", "params.x = 'y'", "name = `root`", "status = 'OK' AND"]:
        try:
            search(text)
            raise AssertionError(f"accepted: {text}")
        except MlflowException as error:
            assert error.error_code == "INVALID_PARAMETER_VALUE", error
    page = mlflow.MlflowClient().search_traces(locations=[experiment_id], max_results=3)
    seen = ids(page)
    while page.token:
        page = mlflow.MlflowClient().search_traces(locations=[experiment_id], max_results=3, page_token=page.token)
        seen += ids(page)
    assert seen == newest
    frame = mlflow.search_traces(locations=[experiment_id])
    assert len(frame) == 7 and {"trace_id", "spans", "assessments"} <= set(frame.columns), list(frame.columns)


def case_tags_and_deletion():
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    experiment_id = experiment("tags")
    client = MlflowClient()
    made = []
    for i in range(5):
        with mlflow.start_span(f"root-{i}") as span:
            pass
        made.append(span.trace_id)
    flush()
    mlflow.set_trace_tag(made[0], "team", "a")
    assert mlflow.get_trace(made[0]).info.tags["team"] == "a"
    mlflow.set_trace_tag(made[0], "team", "b")
    assert ids(mlflow.search_traces(locations=[experiment_id], filter_string="tags.team = 'b'", return_type="list")) == [made[0]]
    mlflow.delete_trace_tag(made[0], "team")
    assert "team" not in mlflow.get_trace(made[0]).info.tags
    try:
        mlflow.delete_trace_tag(made[0], "team")
        raise AssertionError("a tag was deleted twice")
    except MlflowException as error:
        assert error.error_code == "RESOURCE_DOES_NOT_EXIST", error
    assert client.delete_traces(experiment_id, trace_ids=made[:2]) == 2
    assert mlflow.get_trace(made[0]) is None
    assert client.delete_traces(experiment_id, max_timestamp_millis=int(time.time() * 1000) + 1000, max_traces=1) == 1
    assert ids(mlflow.search_traces(locations=[experiment_id], return_type="list")) == made[:2:-1]
    assert client.delete_traces(experiment_id, max_timestamp_millis=int(time.time() * 1000) + 1000) == 2
    assert mlflow.search_traces(locations=[experiment_id], return_type="list") == []
    assert mlflow.get_trace("tr-" + "0" * 32) is None


def case_link_to_run():
    from mlflow.tracking._tracking_service.utils import _get_store

    experiment_id = experiment("runs")
    with mlflow.start_span("root") as span:
        pass
    flush()
    _get_store().link_traces_to_run(trace_ids=[span.trace_id], run_id="0123456789abcdef0123456789abcdef")
    found = mlflow.search_traces(locations=[experiment_id], filter_string="run_id = '0123456789abcdef0123456789abcdef'", return_type="list")
    assert ids(found) == [span.trace_id]


def case_attachments():
    try:
        from mlflow.tracing.attachments import Attachment
    except ImportError:
        return
    experiment("attachments")
    content = bytes(range(256)) * 50
    with mlflow.start_span("att") as span:
        span.set_inputs({"img": Attachment(content_type="image/png", content_bytes=content)})
        span.set_outputs("ok")
    trace = last_trace()
    uri = trace.data.spans[0].inputs["img"]
    assert uri.startswith("mlflow-attachment://"), uri
    name = uri.removeprefix("mlflow-attachment://").split("?")[0]
    location = trace.info.tags["mlflow.artifactLocation"].removeprefix("mlflow-artifacts:/")
    with urllib.request.urlopen(f"{URL}/api/2.0/mlflow-artifacts/artifacts/{location}/attachments/{name}") as response:
        assert response.read() == content


def case_many_spans():
    experiment("large")

    @mlflow.trace
    def node(depth, n):
        with mlflow.start_span(f"leaf-{n}") as span:
            span.set_outputs({"text": "x" * 2000, "n": n})
        if depth:
            node(depth - 1, n + 1)

    node(150, 0)
    trace = last_trace()
    assert len(trace.data.spans) == 302
    sizes = json.loads(trace.info.trace_metadata["mlflow.trace.sizeStats"])
    assert sizes["num_spans"] == 302
    assert trace.data.spans[0].parent_id is None


def case_read_at_once():
    """Without flushing: asking again and again until the client's own queue has been sent, as a notebook does."""
    experiment("at-once")
    with mlflow.start_span("root") as span:
        span.set_outputs(1)
    trace, until = None, time.time() + 15
    while trace is None and time.time() < until:
        trace = mlflow.get_trace(span.trace_id, silent=True)
        time.sleep(0.05)
    assert [item.outputs for item in trace.data.spans] == [1], trace


def case_plain_otlp_export():
    """OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: plain OTLP only, attributes as JSON inside strings. A process of its own."""
    import subprocess

    experiment_id = experiment("otlp")
    program = """
import mlflow
from mlflow.entities import SpanType
with mlflow.start_span("root", span_type=SpanType.CHAIN) as root:
    root.set_inputs({"q": "what?", "n": 1})
    with mlflow.start_span("llm", span_type=SpanType.LLM) as span:
        span.set_inputs({"messages": [{"role": "user", "content": "what?"}]})
        span.set_attribute("mlflow.llm.model", "gpt-4o-mini")
        span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15})
        span.set_attribute("number", 20)
        span.set_outputs(["a", "b"])
    root.set_outputs("done")
from opentelemetry import trace
import mlflow.tracing.provider as provider
mlflow.flush_trace_async_logging()
for owner in (trace.get_tracer_provider(), getattr(provider, "provider", None) and provider.provider.get()):
    if owner is not None and hasattr(owner, "force_flush"):
        owner.force_flush()
print(root.trace_id)
"""
    environment = {
        **os.environ,
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{URL}/v1/traces",
        "OTEL_EXPORTER_OTLP_TRACES_HEADERS": f"x-mlflow-experiment-id={experiment_id}",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    (trace,) = mlflow.search_traces(locations=[experiment_id], return_type="list")
    assert trace.info.trace_id.removeprefix("tr-") == done.stdout.split()[-1].removeprefix("tr-")
    spans = {span.name: span for span in trace.data.spans}
    assert spans["root"].inputs == {"q": "what?", "n": 1} and spans["root"].outputs == "done", spans["root"].to_dict()
    assert spans["llm"].outputs == ["a", "b"] and spans["llm"].span_type == "LLM"
    assert spans["llm"].get_attribute("mlflow.chat.tokenUsage")["input_tokens"] == 10
    assert trace.info.token_usage["input_tokens"] == 10 and trace.info.token_usage["output_tokens"] == 5
    assert trace.info.state == "OK"


def case_label_schemas():
    from mlflow.exceptions import MlflowException
    from mlflow.genai import label_schemas as ls

    experiment_id = experiment("labels")
    (own,) = ls.list_label_schemas(experiment_id=experiment_id)
    assert own.name == "Feedback" and own.is_default and own.input == ls.InputText(), own
    inputs = {
        "correct": ls.InputPassFail(positive_label="Correct", negative_label="Wrong"),
        "tone": ls.InputCategorical(options=["kind", "rude"], multi_select=True),
        "stars": ls.InputNumeric(min_value=1, max_value=5),
        "why": ls.InputText(max_length=200),
    }
    made = {
        name: ls.create_label_schema(name, type="feedback", input=input, instruction=f"Say {name}", experiment_id=experiment_id)
        for name, input in inputs.items()
    }
    for name, schema in made.items():
        assert schema.input == inputs[name] and schema.instruction == f"Say {name}" and schema.experiment_id == experiment_id, schema
        assert ls.get_label_schema(schema_id=schema.schema_id) == schema
    assert {schema.name for schema in ls.list_label_schemas(experiment_id=experiment_id)} == {"Feedback", *inputs}
    changed = ls.update_label_schema(made["tone"].schema_id, name="voice", input=ls.InputCategorical(options=["kind"], multi_select=True))
    assert changed.name == "voice" and changed.input.options == ["kind"] and changed.instruction == "Say tone", changed
    for wrong in (
        lambda: ls.create_label_schema("correct", type="feedback", input=ls.InputText(), experiment_id=experiment_id),
        lambda: ls.update_label_schema(made["why"].schema_id, input=ls.InputNumeric()),
        lambda: ls.delete_label_schema(schema_id=own.schema_id),
    ):
        try:
            wrong()
        except MlflowException as error:
            assert error.error_code in ("RESOURCE_ALREADY_EXISTS", "INVALID_PARAMETER_VALUE"), error
        else:
            raise AssertionError("it was not refused")
    ls.delete_label_schema(schema_id=made["why"].schema_id)
    assert "why" not in {schema.name for schema in ls.list_label_schemas(experiment_id=experiment_id)}


def case_review_queues():
    from mlflow.genai import label_schemas as ls
    from mlflow.genai import review_queues as rq

    experiment_id = experiment("review")

    @mlflow.trace
    def answer(question):
        return "30 days"

    for question in ("a", "b", "c"):
        answer(question)
    flush()
    traces = ids(mlflow.search_traces(locations=[experiment_id], return_type="list"))
    assert len(traces) == 3
    schema = ls.create_label_schema(
        "correct", type="feedback", input=ls.InputPassFail(positive_label="Yes", negative_label="No"), experiment_id=experiment_id
    )
    queue = rq.create_review_queue(
        "Week 47", queue_type="custom", users=["Ada", "bob"], schema_ids=[schema.schema_id], experiment_id=experiment_id
    )
    assert queue.users == ["ada", "bob"] and queue.schema_ids == [schema.schema_id] and queue.queue_type == "custom", queue
    assert rq.get_review_queue(queue.queue_id) == queue == rq.get_review_queue(name="week 47", experiment_id=experiment_id)
    items = rq.add_items_to_review_queue(queue.queue_id, item_ids=traces)
    assert [item.item_id for item in items] == traces and {item.status for item in items} == {"pending"}, items

    # On our side it is a queue like any other: a reviewer there takes a trace and answers.
    def native(path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{URL}/api/v1{path}", data=data, headers={"content-type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    (ours,) = native(f"/review-queues?project_id={experiment_id}")["data"]
    assert (ours["name"], ours["label"], ours["answer"]["kind"]) == ("Week 47", "correct", "boolean"), ours
    assert ours["progress"] == {"pending": 3, "done": 0, "skipped": 0}, ours
    taken = native(f"/review-queues/{ours['id']}/next", {"reviewer": "ada"})["item"]["trace_id"]
    native(f"/review-queues/{ours['id']}/items/{taken}/label", {"reviewer": "ada", "value": True})
    (done,) = rq.list_review_queue_items(queue.queue_id, status="complete")
    assert done.item_id == f"tr-{taken}" and done.completed_by == "ada" and done.completed_time_ms > 0, done
    (label,) = mlflow.get_trace(done.item_id).info.assessments
    assert label.name == "correct" and label.value is True and label.source.source_id == "ada", label

    left = next(item for item in traces if item != done.item_id)
    declined = rq.set_review_queue_item_status(queue.queue_id, item_id=left, status="declined", completed_by="bob")
    assert declined.status == "declined" and declined.completed_by == "bob", declined
    assert rq.set_review_queue_item_status(queue.queue_id, item_id=left, status="pending").completed_by is None
    rq.remove_items_from_review_queue(queue.queue_id, item_ids=[left])
    assert len(rq.list_review_queue_items(queue.queue_id)) == 2

    own = rq.get_or_create_user_queue("Mara", experiment_id=experiment_id)
    assert own.queue_type == "user" and own.users == ["mara"], own
    assert rq.get_or_create_user_queue("mara", experiment_id=experiment_id).queue_id == own.queue_id
    assert [one.name for one in rq.list_review_queues(user="mara", experiment_id=experiment_id)] == ["mara"]
    assert rq.update_review_queue(queue.queue_id, name="Week 48", users=[]).users == []
    rq.delete_review_queue(queue.queue_id)
    assert [one.name for one in rq.list_review_queues(experiment_id=experiment_id)] == ["mara"]


def main():
    watch_requests()
    cases = {name.removeprefix("case_"): function for name, function in globals().items() if name.startswith("case_")}
    for name in sys.argv[2:] or cases:
        started = time.time()
        requests_sent.clear()
        try:
            cases[name]()
            result = {"case": name, "ok": True, "note": None}
        except BaseException:
            result = {"case": name, "ok": False, "note": traceback.format_exc()[-3000:]}
        print(json.dumps({**result, "seconds": round(time.time() - started, 2), "client": mlflow.__version__}), flush=True)


if __name__ == "__main__":
    main()
