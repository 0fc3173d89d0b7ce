package org.larder.prove.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.larder.bench.load.KeySequence;

class TaskStateTest {
  private static final KeySequence KEYS = KeySequence.random(5);

  private static TaskState state(int base, int version) {
    return new TaskState(KEYS, 17, base, version);
  }

  /** What a store holds after these versions, as the API promises it. */
  private static ObjectNode stored(int base, int version) throws IOException {
    ObjectNode stored = (ObjectNode) new JsonMapper().readTree("{\"retry_count\":0}");
    IntStream.rangeClosed(base, version).forEach(each -> stored.setAll(state(each, each).item()));
    return (ObjectNode) new JsonMapper().readTree(stored.toString());
  }

  @Test
  void whatWasWrittenIsRight() throws IOException {
    for (int version = 0; version < 50; version++) {
      assertThat(state(0, version).differences(stored(0, version))).isEmpty();
    }
  }

  @Test
  void olderVersionIsNoticed() throws IOException {
    assertThat(state(0, 8).differences(stored(0, 7))).isNotEmpty();
  }

  @Test
  void versionThatWasLeftOutIsNoticed() throws IOException {
    boolean noticed = false;
    for (int version = 2; version < 50; version++) {
      ObjectNode skipped = stored(0, version - 2);
      skipped.setAll(state(version, version).item());
      noticed |= !state(0, version).differences(skipped).isEmpty();
    }
    assertThat(noticed).isTrue();
  }

  @Test
  void remainsOfAnEarlierLifeAreNoticed() throws IOException {
    boolean noticed = false;
    for (int version = 1; version < 50; version++) {
      noticed |= !state(version, version).differences(stored(0, version)).isEmpty();
    }
    assertThat(noticed).isTrue();
  }

  @Test
  void everyAlteredFieldIsNamed() throws IOException {
    JsonNode right = stored(0, 40);
    right
        .fieldNames()
        .forEachRemaining(
            name -> {
              ObjectNode wrong = right.deepCopy();
              wrong.put(name, "something else");
              assertThat(state(0, 40).differences(wrong)).singleElement().asString().contains(name);
            });
  }

  @Test
  void timesMayBeWrittenOtherwise() throws IOException {
    ObjectNode stored = stored(0, 40);
    assertThat(stored.path("start_time").isTextual()).isTrue();
    stored.put("start_time", stored.path("start_time").asText().replaceFirst("0*Z$", "000Z"));
    assertThat(state(0, 40).differences(stored)).isEmpty();
  }
}
