package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrefixTest {
  @Test
  void endOfAPrefixIsTheNextCodePoint() {
    assertThat(Comparisons.behind("ab")).hasValue("ac");
  }

  @Test
  void endOfAPrefixIsNeverASurrogate() {
    assertThat(Comparisons.behind("x\uD7FF")).hasValue("x\uE000");
  }

  @Test
  void greatestCodePointCarries() {
    String greatest = Character.toString(Character.MAX_CODE_POINT);
    assertThat(Comparisons.behind("a" + greatest)).hasValue("b");
    assertThat(Comparisons.behind(greatest)).isEmpty();
  }
}
