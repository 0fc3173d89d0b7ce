package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts and positions: opaque, and only good for their own journal. */
class TokensTest {
  private static final UUID JOURNAL = new UUID(42, 43);

  @TempDir Path data;

  @Property(tries = 200)
  void aTokenIsReadBack(
      @ForAll @LongRange(min = 0) long epoch,
      @ForAll @IntRange(max = 32_767) int lane,
      @ForAll @LongRange(min = 0) long first,
      @ForAll @IntRange(min = 0) int count) {
    Tokens.Stretch stretch = new Tokens.Stretch(epoch, lane, first, count, Tokens.hash("notes"));
    assertThat(Tokens.decode(JOURNAL, Tokens.encode(JOURNAL, stretch))).contains(stretch);
  }

  @Property(tries = 200)
  void aForgedTokenIsNone(@ForAll @IntRange(max = 46) int place, @ForAll char other) {
    String token = Tokens.encode(JOURNAL, new Tokens.Stretch(3, 0, 1_000, 7, 0));
    char[] forged = token.toCharArray();
    int at = Math.min(place, forged.length - 2);
    if (forged[at] != other) {
      forged[at] = other;
      assertThat(Tokens.decode(JOURNAL, new String(forged))).isEmpty();
    }
  }

  @Test
  void whatIsNoTokenIsNone() {
    assertThat(Tokens.decode(JOURNAL, "")).isEmpty();
    assertThat(Tokens.decode(JOURNAL, "hello")).isEmpty();
    assertThat(Tokens.decode(JOURNAL, "ä")).isEmpty();
  }

  @Test
  void aReceiptOfAnotherJournalIsUnknown() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      String own = node.puts("a").receipt();
      assertThat(node.buffer.receipt(own)).isPresent();
      String other = Tokens.encode(new UUID(1, 1), new Tokens.Stretch(1, 0, 0, 1, 0));
      assertThat(node.buffer.receipt(other)).isEmpty();
      assertThat(node.buffer.receipt("")).isEmpty();
    }
  }
}
