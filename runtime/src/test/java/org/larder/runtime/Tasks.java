package org.larder.runtime;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Batches of translation tasks. */
final class Tasks {
  private Tasks() {}

  static String batch(String session, int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(
            row ->
                """
                {"task_id":"%s-%d","session_id":"%s","batch_id":"b","sheet_name":"Blatt 1",
                "row_index":%d,"column_name":"de","source_text":"开始 %d","target_text":"Los 😀",
                "status":"completed","confidence":0.5}
                """
                    .formatted(session, row, session, row, row))
        .collect(Collectors.joining(",", "{\"tasks\":[", "]}"));
  }

  /** Fails unless the first tasks of a session are listed, each once, with the values they had. */
  static void requireAsWritten(String listed, String session, int count) {
    List<String> keys = found("\"task_id\":\"" + session + "-(\\d+)\"", listed);
    Set<String> wanted =
        IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.toSet());
    if (keys.size() != count || !Set.copyOf(keys).equals(wanted)) {
      throw new AssertionError("Not each of " + count + " once: " + keys);
    }
    if (!keys.equals(found("\"row_index\":(\\d+)", listed))
        || !keys.equals(found("\"source_text\":\"开始 (\\d+)\"", listed))) {
      throw new AssertionError("Other values than were written: " + listed);
    }
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }
}
