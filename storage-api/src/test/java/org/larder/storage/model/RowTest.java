package org.larder.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RowTest {
  private static final CollectionSchema FIRST =
      CollectionSchema.named("notes", 1).key("id", 36).field(Field.text("body")).build();
  private static final CollectionSchema SECOND =
      CollectionSchema.named("notes", 2)
          .key("id", 36)
          .field(Field.text("body"))
          .field(Field.int64("size").withDefault(3L))
          .build();

  @Provide
  Arbitrary<Row> rows() {
    return RandomRows.row(RandomRows.ALL_TYPES, "key");
  }

  @Property(tries = 300)
  void everyFieldComesBackFromTheBytes(@ForAll("rows") Row row) {
    byte[] target = new byte[row.encodedLength() + 7];
    assertThat(row.writeTo(target, 3)).isEqualTo(3 + row.encodedLength());

    Row read = new Row(RandomRows.ALL_TYPES, target, 3, row.encodedLength());

    assertThat(read).isEqualTo(row).hasSameHashCodeAs(row);
    for (int i = 0; i < RandomRows.ALL_TYPES.fields().size(); i++) {
      assertThat(read.isAbsent(i)).isEqualTo(row.isAbsent(i));
      assertThat(read.isNull(i)).isEqualTo(row.isNull(i));
      assertThat(read.value(i)).isEqualTo(row.value(i));
    }
  }

  @Property(tries = 300)
  void builderEncodesWhatItSays(@ForAll("rows") Row row) throws InvalidRowException {
    RowBuilder builder = RowBuilder.ofStored(RandomRows.ALL_TYPES);
    for (int i = 0; i < RandomRows.ALL_TYPES.fields().size(); i++) {
      if (!row.isAbsent(i)) {
        builder.set(i, row.value(i));
      }
    }
    assertThat(builder.encodedLength()).isEqualTo(row.encodedLength());
    assertThat(builder.build()).isEqualTo(row);
  }

  @Property(tries = 100)
  void truncatedRowIsRefused(@ForAll("rows") Row row) {
    byte[] whole = new byte[row.encodedLength()];
    row.writeTo(whole, 0);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Row(RandomRows.ALL_TYPES, part, 0, part.length));
    }
    byte[] more = Arrays.copyOf(whole, whole.length + 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Row(RandomRows.ALL_TYPES, more, 0, more.length));
  }

  @Property(tries = 500)
  void bytesOfAnySortAreARowOrRefused(@ForAll byte[] bytes) {
    try {
      Row row = new Row(RandomRows.ALL_TYPES, bytes, 0, bytes.length);
      assertThat(row.encodedLength()).isEqualTo(bytes.length);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("Index");
    }
  }

  @Test
  void rowOfAnOlderVersionSaysNothingAboutNewFields() throws InvalidRowException {
    Row old = Row.of(FIRST).set("id", "a").set("body", "text").build();
    byte[] bytes = new byte[old.encodedLength()];
    old.writeTo(bytes, 0);

    Row read = new Row(SECOND, bytes, 0, bytes.length);

    assertThat(read.value("body")).isEqualTo("text");
    assertThat(read.isAbsent(2)).isTrue();
    assertThat(read).isEqualTo(old);
  }

  @Test
  void rowOfANewerVersionIsRefused() throws InvalidRowException {
    Row row = Row.of(SECOND).set("id", "a").build();
    byte[] bytes = new byte[row.encodedLength()];
    row.writeTo(bytes, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Row(FIRST, bytes, 0, bytes.length))
        .withMessageContaining("older");
  }

  @Test
  void underAnotherVersionNewFieldsAreNullAndUnknownOnesGone() throws InvalidRowException {
    Row old = Row.of(FIRST).set("id", "a").build().withVersion(9);

    Row newer = old.under(SECOND);

    assertThat(newer.isNull(1)).isTrue();
    assertThat(newer.isNull(2)).as("null, not the default").isTrue();
    assertThat(newer.version()).isEqualTo(9);
    assertThat(newer.under(FIRST).schema()).isEqualTo(FIRST);
  }

  @Property(tries = 500)
  void microsecondsComeBackFromInstants(@ForAll long micros) {
    assertThat(Row.micros(Row.instant(micros))).isEqualTo(micros);
  }

  @Test
  void firstAndLastMicrosecondComeBack() {
    assertThat(Row.micros(Row.instant(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
    assertThat(Row.micros(Row.instant(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> Row.micros(Row.instant(Long.MAX_VALUE).plusNanos(1000)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Row.micros(Row.instant(Long.MIN_VALUE).minusNanos(1)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void nanosecondsAreRoundedDown() {
    assertThat(Row.micros(Instant.ofEpochSecond(0, -1))).isEqualTo(-1);
    assertThat(Row.micros(Instant.ofEpochSecond(0, 1999))).isEqualTo(1);
  }

  @Provide
  Arbitrary<String> texts() {
    return RandomRows.text();
  }

  @Property(tries = 1000)
  void textComparesAsItsUtf8(@ForAll("texts") String left, @ForAll("texts") String right) {
    int expected =
        Arrays.compareUnsigned(
            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    assertThat(Integer.signum(Values.compareText(left, right))).isEqualTo(Integer.signum(expected));
  }

  @Property(tries = 1000)
  void prefixAgreesWithTheOrderOfKeys(@ForAll("rows") Row left, @ForAll("rows") Row right) {
    int byPrefix = Long.compareUnsigned(left.keyPrefix(), right.keyPrefix());
    assertThat(byPrefix)
        .isIn(0, Integer.signum(left.compareKey(right)))
        .isEqualTo(-Long.compareUnsigned(right.keyPrefix(), left.keyPrefix()));
  }

  @Test
  void prefixIsTheFirstEightBytesOfTheKey() throws InvalidRowException {
    assertThat(keyed("\u00e9bcdefghi").keyPrefix()).isEqualTo(0xC3A9_6263_6465_6667L);
    assertThat(keyed("a").keyPrefix()).isEqualTo(0x6100_0000_0000_0000L);
  }

  private static Row keyed(String key) throws InvalidRowException {
    return Row.of(RandomRows.ALL_TYPES).set("id", key).build();
  }

  @Test
  void nullComparesBelowEverything() {
    assertThat(Values.compare(null, Long.MIN_VALUE)).isNegative();
    assertThat(Values.compare(null, null)).isZero();
    assertThat(Values.compare(0.0, -0.0)).isZero();
    assertThat(Values.compare(new byte[] {(byte) 0x80}, new byte[] {0x7F})).isPositive();
    assertThatIllegalArgumentException().isThrownBy(() -> Values.compare(1L, "1"));
  }
}
