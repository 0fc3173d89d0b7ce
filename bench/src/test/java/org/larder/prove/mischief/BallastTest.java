package org.larder.prove.mischief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BallastTest {
  @Test
  void ballastThatCannotBeTakenAwayKeepsNoOtherInPlace() {
    List<String> closed = new ArrayList<>();
    Closeable first =
        () -> {
          throw new IOException("first");
        };
    Closeable second =
        () -> {
          throw new IOException("second");
        };
    assertThatThrownBy(() -> Ballast.closeAll(List.of(first, second, () -> closed.add("third"))))
        .isInstanceOf(IOException.class)
        .hasMessage("second")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactly("third");
  }
}
