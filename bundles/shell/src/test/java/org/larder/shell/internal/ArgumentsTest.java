package org.larder.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static Arguments parse(String... words) {
    return Arguments.parse(words, Set.of("limit"), Set.of("long"));
  }

  @Test
  void optionsFlagsAndTheRestAreToldApart() {
    Arguments arguments = parse("tasks", "--limit", "5", "status=pending", "--long");
    assertThat(arguments.option("limit", "20")).isEqualTo("5");
    assertThat(arguments.flags()).containsExactly("long");
    assertThat(arguments.rest()).containsExactly("tasks", "status=pending");
  }

  @Test
  void unknownOptionIsNamed() {
    assertThatThrownBy(() -> parse("--limits")).hasMessage("There is no option --limits");
  }

  @Test
  void optionWithoutItsValueIsNamed() {
    assertThatThrownBy(() -> parse("--limit")).hasMessage("--limit needs a value");
  }

  @Test
  void numberOutsideItsBoundsIsRefused() {
    assertThatThrownBy(() -> Arguments.number("0", 1, 9)).hasMessage("0 is not between 1 and 9");
    assertThatThrownBy(() -> Arguments.number("x", 1, 9)).hasMessage("'x' is no whole number");
  }
}
