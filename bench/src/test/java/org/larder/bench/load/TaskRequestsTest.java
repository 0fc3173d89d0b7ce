package org.larder.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.bench.section.ItemChecks;

class TaskRequestsTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private final KeySequence keys = KeySequence.random(42);

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100, 1_000})
  void patchedBodyIsTheItemsThatItsNumbersMean(int items) throws IOException {
    TaskRequests requests = new TaskRequests(items, 2, keys, 3_000);
    long number = 3_000;
    for (int request = 0; request < 120; request++) {
      String text = text(requests.next(request % 2));
      String body = text.substring(text.indexOf("\r\n\r\n") + 4);
      assertThat(text).contains("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
      JsonNode tasks = MAPPER.readTree(body).path("tasks");
      assertThat(tasks).hasSize(items);
      for (JsonNode task : tasks) {
        assertThat(ItemChecks.matches(task, new Item(number, keys))).as(task.toString()).isTrue();
        number++;
      }
    }
    assertThat(requests.end()).isEqualTo(number);
  }

  @Test
  void itemsAreAsLargeAsTheTargetsSay() {
    TaskRequests requests = new TaskRequests(100, 1, keys, 0);
    assertThat(requests.bodyBytes() / 100).isBetween(420, 440);
  }

  @Test
  void onlyAnsweredBatchesCountAsAccepted() {
    TaskRequests requests = new TaskRequests(10, 2, keys, 0);
    requests.next(0);
    requests.next(1);
    requests.accepted(1);
    assertThat(requests.isAccepted(9)).isFalse();
    assertThat(requests.isAccepted(10)).isTrue();
    assertThat(requests.isAccepted(19)).isTrue();
    assertThat(requests.isAccepted(20)).isFalse();
    assertThat(requests.acceptedItems()).isEqualTo(10);
  }

  @Test
  void batchSizeThatSplitsTheTemplatesIsRefused() {
    assertThatThrownBy(() -> new TaskRequests(7, 1, keys, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String text(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
