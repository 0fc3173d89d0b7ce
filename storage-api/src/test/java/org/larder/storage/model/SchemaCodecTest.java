package org.larder.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SchemaCodecTest {
  /** Written once and never changed: journals out there hold bytes like these. */
  private static final String GOLDEN =
      "01056e6f7465730203" // format 1, "notes", version 2, three fields
          + "02696401240101"
          + "00" // id: string, 36, replace, required, no list
          + "06737461747573011403"
          + "0102046f70656e06636c6f736564" // status: string, 20, keep
          + "0573636f726505040108"
          + "0802d8f000" // score: decimal, 4, maximum of -10000 e-4
          + "0101010102" // one index, on ordinal 1, with ordinal 2
          + "00046b656570";

  private static final CollectionSchema EVERYTHING =
      CollectionSchema.named("everything", 7)
          .key("id", 64)
          .field(Field.string("kind", 20).oneOf("a", "b\u00e9").required().withDefault("a"))
          .field(Field.text("body").merging(MergeRule.KEEP))
          .field(Field.int64("hits").atLeast(0).withDefault(-5L).merging(MergeRule.MAX))
          .field(
              Field.of("ratio", FieldType.FLOAT64, 0)
                  .withDefault(-0.0)
                  .between(null, new BigDecimal("1.50")))
          .field(Field.decimal("price", 4).withDefault(new BigDecimal("1.2500")).between(-1, 1))
          .field(Field.of("on", FieldType.BOOL, 0).withDefault(true))
          .field(Field.instant("at").withDefault(Instant.parse("1969-12-31T23:59:59.999999Z")))
          .field(Field.json("more"))
          .field(Field.of("raw", FieldType.BYTES, 0))
          .index(Index.on("kind", "at").including("price"))
          .index(Index.on("hits"))
          .partitionBy("kind")
          .retention("short")
          .build();

  @Test
  void everyPropertyComesBack() {
    CollectionSchema decoded = SchemaCodec.decode(SchemaCodec.encode(EVERYTHING));

    assertThat(decoded).isEqualTo(EVERYTHING);
    assertThat(decoded.fields()).isEqualTo(EVERYTHING.fields());
    assertThat(decoded.partitionField()).isEqualTo("kind");
    assertThat(SchemaCodec.encode(decoded)).isEqualTo(SchemaCodec.encode(EVERYTHING));
  }

  @Test
  void guardedComesBackAndChangesNothingForOthers() {
    CollectionSchema plain = CollectionSchema.named("plain", 1).key("id", 64).build();
    CollectionSchema guarded = CollectionSchema.named("plain", 1).key("id", 64).guarded().build();
    byte[] bytes = SchemaCodec.encode(guarded);

    assertThat(SchemaCodec.decode(bytes).isGuarded()).isTrue();
    assertThat(SchemaCodec.decode(bytes)).isEqualTo(guarded).isNotEqualTo(plain);
    assertThat(SchemaCodec.decode(SchemaCodec.encode(plain)).isGuarded()).isFalse();
    bytes[0] = 1;
    assertThat(bytes).isEqualTo(SchemaCodec.encode(plain));
  }

  @Test
  void bytesWrittenByEarlierReleasesStillRead() {
    CollectionSchema notes =
        CollectionSchema.named("notes", 2)
            .key("id", 36)
            .field(
                Field.string("status", 20)
                    .merging(MergeRule.KEEP)
                    .oneOf("open", "closed")
                    .required())
            .field(Field.decimal("score", 4).between(null, new BigDecimal("-1.0000")))
            .index(Index.on("status").including("score"))
            .build();

    assertThat(HexFormat.of().formatHex(SchemaCodec.encode(notes))).isEqualTo(GOLDEN);
    assertThat(SchemaCodec.decode(HexFormat.of().parseHex(GOLDEN))).isEqualTo(notes);
  }

  @Test
  void truncatedSchemaIsRefused() {
    byte[] whole = SchemaCodec.encode(EVERYTHING);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatIllegalArgumentException()
          .as("first %d bytes", length)
          .isThrownBy(() -> SchemaCodec.decode(part));
    }
  }

  @Test
  void laterFormatIsRefusedByName() {
    byte[] later = SchemaCodec.encode(EVERYTHING);
    later[0] = 3;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchemaCodec.decode(later))
        .withMessageContaining("format 3");
  }

  @Test
  void somethingBehindASchemaIsRefused() {
    byte[] whole = SchemaCodec.encode(EVERYTHING);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchemaCodec.decode(Arrays.copyOf(whole, whole.length + 1)));
  }
}
