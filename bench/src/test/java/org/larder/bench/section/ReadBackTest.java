package org.larder.bench.section;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.TaskRequests;

class ReadBackTest {
  private final KeySequence keys = KeySequence.random(3);
  private final TaskRequests requests = new TaskRequests(10, 1, keys, 0);
  private final ReadBack readBack = new ReadBack(List.of(requests), keys);
  private final List<JsonNode> tasks = new ArrayList<>();

  @BeforeEach
  void sendTwoBatchesOfWhichOneIsAcknowledged() throws IOException {
    tasks.addAll(send());
    requests.accepted(0);
    tasks.addAll(send());
  }

  private List<JsonNode> send() throws IOException {
    ByteBuffer buffer = requests.next(0);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    String text = new String(bytes, StandardCharsets.UTF_8);
    List<JsonNode> sent = new ArrayList<>();
    new JsonMapper()
        .readTree(text.substring(text.indexOf("\r\n\r\n")))
        .path("tasks")
        .forEach(sent::add);
    return sent;
  }

  @Test
  void nothingIsMissingWhenAllAcknowledgedIsThere() {
    tasks.subList(0, 13).forEach(readBack::found);
    assertThat(readBack.acknowledged()).isEqualTo(10);
    assertThat(readBack.unacknowledged()).isEqualTo(3);
    assertThat(readBack.isFlawless()).isTrue();
  }

  @Test
  void acknowledgedItemThatIsGoneIsLostEvenIfOthersAreThere() {
    tasks.subList(1, 20).forEach(readBack::found);
    assertThat(readBack.lost()).isEqualTo(1);
    assertThat(readBack.isFlawless()).isFalse();
  }

  @Test
  void itemThatIsFoundTwiceIsDoubled() {
    tasks.subList(0, 10).forEach(readBack::found);
    readBack.found(tasks.get(4));
    assertThat(readBack.doubled()).isEqualTo(1);
    assertThat(readBack.lost()).isZero();
    assertThat(readBack.isFlawless()).isFalse();
  }

  @Test
  void itemWithAnotherValueIsAltered() {
    ((ObjectNode) tasks.get(0)).put("source_text", "something else");
    ((ObjectNode) tasks.get(1)).put("confidence", 0.1);
    ((ObjectNode) tasks.get(2)).remove("end_time");
    ((ObjectNode) tasks.get(3)).put("error_message", "from nowhere");
    tasks.subList(0, 10).forEach(readBack::found);
    assertThat(readBack.altered()).isEqualTo(4);
    assertThat(readBack.isFlawless()).isFalse();
  }

  @Test
  void itemThatNobodySentIsForeign() {
    tasks.subList(0, 10).forEach(readBack::found);
    readBack.found(((ObjectNode) tasks.get(11)).put("task_id", keys.key(20)));
    readBack.found(((ObjectNode) tasks.get(12)).put("task_id", "somebody's"));
    assertThat(readBack.foreign()).isEqualTo(2);
    assertThat(readBack.isFlawless()).isFalse();
  }
}
