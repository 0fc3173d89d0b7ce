package org.larder.prove.mischief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  private long nanos = 7;
  private int asked;

  /** Done when it was asked so often, each time later by as much. */
  private boolean flush(int doneAfter, Duration each) {
    nanos += each.toNanos();
    return ++asked >= doneAfter;
  }

  @Test
  void timeToCatchUpIsUntilAllIsThere() throws IOException {
    Duration took = CatchUp.measure(() -> flush(3, Duration.ofSeconds(2)), () -> {}, () -> nanos);
    assertThat(took).isEqualTo(Duration.ofSeconds(6));
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void databaseThatNeverCatchesUpFailsTheProof() {
    assertThatThrownBy(
            () ->
                CatchUp.measure(
                    () -> flush(Integer.MAX_VALUE, CatchUp.BOUND), () -> {}, () -> nanos))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has not caught up");
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void writerThatFailedEndsTheWaiting() {
    IOException failed = new IOException("a writer failed");
    CatchUp.Check check =
        () -> {
          throw failed;
        };
    assertThatThrownBy(() -> CatchUp.measure(() -> flush(9, Duration.ZERO), check, () -> nanos))
        .isSameAs(failed);
    assertThat(asked).isEqualTo(1);
  }
}
