package org.larder.prove.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private long nanos = -5;
  private final Answers answers = new Answers(() -> nanos);

  private void after(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void longestGapIsBetweenAcceptedWrites() {
    answers.begin();
    after(Duration.ofMillis(300));
    answers.accepted(1);
    after(Duration.ofMillis(200));
    answers.refused("503 STARTING");
    after(Duration.ofMillis(200));
    answers.wrong("500 INTERNAL_ERROR");
    after(Duration.ofMillis(200));
    answers.broken("reset");
    after(Duration.ofMillis(200));
    answers.accepted(2);
    after(Duration.ofMillis(100));
    answers.end();
    assertThat(answers.longestGap()).isEqualTo(Duration.ofMillis(800));
  }

  @Test
  void gapBeforeTheFirstAndBehindTheLastCounts() {
    answers.begin();
    after(Duration.ofSeconds(3));
    answers.accepted(1);
    assertThat(answers.longestGap()).isEqualTo(Duration.ofSeconds(3));
    after(Duration.ofSeconds(7));
    answers.end();
    assertThat(answers.longestGap()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void everyOtherAnswerIsNamed() {
    answers.begin();
    answers.accepted(20);
    answers.refused("503 STARTING");
    answers.refused("503 STARTING");
    answers.wrong("500 INTERNAL_ERROR");
    answers.broken("reset");
    assertThat(answers.others())
        .isEqualTo(Map.of("503 STARTING", 2L, "500 INTERNAL_ERROR", 1L, "no answer: reset", 1L));
    assertThat(answers.requests()).isEqualTo(1);
    assertThat(answers.items()).isEqualTo(20);
  }
}
