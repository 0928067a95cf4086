"""An application under the real OpenTelemetry SDK. Prints the trace ids it exported, as JSON."""

import json
import sys

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode

protocol, endpoint, compression, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

if protocol == "grpc":
    import grpc
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    exporter = OTLPSpanExporter(
        endpoint=endpoint,
        insecure=True,
        compression=grpc.Compression.Gzip if compression == "gzip" else grpc.Compression.NoCompression,
        headers=(("x-telltale-project", "otel-grpc"),),
    )
else:
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    exporter = OTLPSpanExporter(
        endpoint=endpoint,
        compression={"gzip": Compression.Gzip, "deflate": Compression.Deflate}.get(compression, Compression.NoCompression),
        headers={"x-telltale-project": "otel-http"},
    )

provider = TracerProvider(
    resource=Resource.create({"service.name": "bookshop", "service.version": "3.1.4", "deployment.environment.name": "test"})
)
provider.add_span_processor(BatchSpanProcessor(exporter))
tracer = provider.get_tracer("bookshop.agent", "1.0")

trace_ids = []
for number in range(count):
    with tracer.start_as_current_span("invoke_agent librarian") as root:
        root.set_attribute("gen_ai.operation.name", "invoke_agent")
        root.set_attribute("gen_ai.agent.name", "librarian")
        root.set_attribute("session.id", f"visit-{number}")
        root.set_attribute("user.id", "reader-7")
        trace_ids.append(format(root.get_span_context().trace_id, "032x"))
        with tracer.start_as_current_span("chat gpt-4.1-mini", kind=trace.SpanKind.CLIENT) as call:
            call.set_attribute("gen_ai.operation.name", "chat")
            call.set_attribute("gen_ai.provider.name", "openai")
            call.set_attribute("gen_ai.request.model", "gpt-4.1-mini")
            call.set_attribute("gen_ai.request.temperature", 1.0)
            call.set_attribute("gen_ai.usage.input_tokens", 1000)
            call.set_attribute("gen_ai.usage.output_tokens", 200)
            call.set_attribute("gen_ai.input.messages", json.dumps([{"role": "user", "parts": [{"type": "text", "content": "¿Dónde está el libro número %d? 本はどこ" % number}]}]))
            call.set_attribute("gen_ai.output.messages", json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": "On the second shelf."}], "finish_reason": "stop"}]))
        with tracer.start_as_current_span("execute_tool find_shelf") as tool:
            tool.set_attribute("gen_ai.operation.name", "execute_tool")
            tool.set_attribute("gen_ai.tool.name", "find_shelf")
            try:
                raise LookupError("shelf 9 is being repaired")
            except LookupError as error:
                tool.record_exception(error)
                tool.set_status(Status(StatusCode.ERROR, str(error)))

flushed = provider.force_flush(20_000)
provider.shutdown()
print(json.dumps({"flushed": flushed, "trace_ids": trace_ids}))
