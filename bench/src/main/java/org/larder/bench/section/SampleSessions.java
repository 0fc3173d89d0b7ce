package org.larder.bench.section;

import java.io.IOException;
import java.util.Optional;
import org.larder.bench.load.Item;
import org.larder.bench.node.Node;

/** The sessions that the numbered tasks belong to. */
final class SampleSessions {
  private SampleSessions() {}

  /** Sends sessions 0 to {@code count} − 1; a twentieth of them is not complete. */
  static void post(Node node, long count) throws IOException {
    StringBuilder body = new StringBuilder("{\"sessions\":[");
    for (long i = 0; i < count; i++) {
      body.append(i == 0 ? "" : ",");
      body.append(
          """
          {"session_id":"%s","filename":"Sheet_%d.xlsx","file_path":"/projects/Sheet_%d.xlsx",\
          "status":"%s","llm_provider":"%s","total_tasks":%d,"completed_tasks":700}\
          """
              .formatted(Item.sessionId(i), i, i, status(i), provider(i), Item.SESSION_TASKS));
    }
    node.post("/api/v1/translation/sessions/batch", body.append("]}").toString()).expecting(202);
  }

  private static String status(long number) {
    return switch ((int) (number % 40)) {
      case 3 -> "pending";
      case 13 -> "processing";
      case 23, 33 -> "failed";
      default -> "completed";
    };
  }

  private static String provider(long number) {
    return number % 2 == 0 ? "openai" : "anthropic";
  }

  /** The cursor in a page, found without reading all of it; empty behind the last page. */
  static Optional<String> nextCursor(String page) {
    String name = "\"next_cursor\":\"";
    int start = page.lastIndexOf(name);
    if (start < 0) {
      return Optional.empty();
    }
    int from = start + name.length();
    return Optional.of(page.substring(from, page.indexOf('"', from)));
  }
}
