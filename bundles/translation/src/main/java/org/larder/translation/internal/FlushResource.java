package org.larder.translation.internal;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.larder.buffer.BufferControl;
import org.larder.buffer.FlushResult;
import org.larder.rest.LongCalls;
import org.larder.rest.Replies;

/** Drains both collections before it answers. Free for any thread. */
@Path("flush")
@Produces(MediaType.APPLICATION_JSON)
public final class FlushResource {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final BufferControl buffer;
  private final LongCalls calls;

  FlushResource(BufferControl buffer, LongCalls calls) {
    this.buffer = buffer;
    this.calls = calls;
  }

  @POST
  public void flush(@Suspended AsyncResponse reply) {
    calls.run(reply, () -> reply(buffer.flush(DEADLINE)));
  }

  private static Response reply(FlushResult result) {
    long sessions = result.written().getOrDefault(Sessions.SCHEMA.name(), 0L);
    long tasks = result.written().getOrDefault(Tasks.SCHEMA.name(), 0L);
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", sessions + tasks == 0 ? "empty" : "flushed");
          json.writeNumberField("sessions_written", sessions);
          json.writeNumberField("tasks_written", tasks);
          json.writeNumberField("duration_ms", result.took().toMillis());
          json.writeEndObject();
        });
  }
}
