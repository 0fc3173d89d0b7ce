package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private JournalOptions options() {
    return JournalOptions.of(directory, 1 << 20);
  }

  private static NewFrame frame(String text) {
    return NewFrame.of((byte) 7, true, 2, 3, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Frame frame) {
    return StandardCharsets.UTF_8.decode(frame.payload()).toString();
  }

  @Test
  void whatWasAcknowledgedIsReadAfterAReopening() throws Exception {
    try (Journal journal = Journal.open(options())) {
      Append first = journal.append(0, List.of(frame("one"), frame("two")));
      assertThat(first.firstSequence()).isZero();
      assertThat(first.endSequence()).isEqualTo(4);
      first.awaitSynced(PATIENCE);
      assertThat(journal.syncedEnd(0)).isEqualTo(4);
    }
    try (Journal journal = Journal.open(options());
        JournalReader reader = journal.reader(0, 0)) {
      assertThat(journal.epoch()).isEqualTo(2);
      assertThat(journal.epochEnd(1)).hasValue(4);
      assertThat(journal.recovery().clean()).isTrue();
      journal.append(0, List.of(frame("three"))).awaitSynced(PATIENCE);
      List<Frame> frames = reader.read(1000);
      assertThat(frames).extracting(JournalTest::text).containsExactly("one", "two", "three");
      assertThat(frames).extracting(Frame::sequence).containsExactly(0L, 2L, 4L);
      assertThat(frames).extracting(Frame::epoch).containsExactly(1L, 1L, 2L);
      assertThat(reader.position()).isEqualTo(6);
    }
  }
}
