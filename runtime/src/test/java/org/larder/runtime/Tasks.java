package org.larder.runtime;

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
}
