package org.larder.bench.section;

import java.io.IOException;
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

  /** The cursor in a page, found without reading all of it. */
  static String nextCursor(String page) throws IOException {
    String name = "\"next_cursor\":\"";
    int start = page.lastIndexOf(name);
    if (start < 0) {
      throw new IOException("no next page: " + page);
    }
    int from = start + name.length();
    return page.substring(from, page.indexOf('"', from));
  }
}
