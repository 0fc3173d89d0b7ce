package org.larder.rest;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.larder.buffer.Answer;

/** Builds replies the way every domain does. */
public final class Replies {
  /** Names the backend that was asked. */
  public static final String SOURCE_HEADER = "X-Larder-Source";

  /** Says, opaquely, how far the backend had followed the journal. */
  public static final String POSITION_HEADER = "X-Larder-Position";

  private Replies() {}

  /** 200 with a body. */
  public static Response ok(JsonBody body) {
    return Response.ok(body, MediaType.APPLICATION_JSON_TYPE).build();
  }

  /** 200 with a body that was read, naming where from. */
  public static Response ok(Answer<?> answer, JsonBody body) {
    return Response.ok(body, MediaType.APPLICATION_JSON_TYPE)
        .header(SOURCE_HEADER, answer.source())
        .header(POSITION_HEADER, answer.position())
        .build();
  }
}
