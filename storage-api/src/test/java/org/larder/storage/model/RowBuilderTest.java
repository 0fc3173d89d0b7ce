package org.larder.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class RowBuilderTest {
  private static final CollectionSchema TASKS =
      CollectionSchema.named("tasks", 1)
          .key("task_id", 4)
          .field(Field.string("status", 20).oneOf("open", "closed").required())
          .field(Field.int64("count").between(0, 10))
          .field(Field.decimal("confidence", 4).between(0, 1))
          .field(Field.of("ratio", FieldType.FLOAT64, 0).atLeast(0))
          .field(Field.text("body"))
          .field(Field.string("name", 3))
          .build();

  private final RowBuilder builder = Row.of(TASKS);

  private void refused(String field, Object value) {
    int ordinal = TASKS.ordinal(field);
    InvalidRowException failure =
        catchThrowableOfType(InvalidRowException.class, () -> builder.set(field, value));
    assertThat(failure).as("%s = %s", field, value).isNotNull();
    assertThat(failure.field()).isEqualTo(field);
    assertThat(failure.getStackTrace()).isEmpty();
    assertThat(builder.isAbsent(ordinal)).as("left absent").isTrue();
  }

  @Test
  void boundsAreInclusive() throws InvalidRowException {
    builder.set("count", 0L).set("count", 10L).set("confidence", BigDecimal.ONE);
    refused("count", -1L);
    refused("count", 11L);
    refused("ratio", -0.1);
    refused("confidence", new BigDecimal("1.0001"));
  }

  @Test
  void decimalIsRoundedHalfUpBeforeItIsChecked() throws InvalidRowException {
    builder.set("confidence", new BigDecimal("0.00005"));
    assertThat(builder.build().value("confidence")).isEqualTo(new BigDecimal("0.0001"));
    builder.set("confidence", new BigDecimal("1.00004"));
    assertThat(builder.build().value("confidence")).isEqualTo(new BigDecimal("1.0000"));
    builder.set("confidence", new BigDecimal("1e-2000000000"));
    refused("confidence", new BigDecimal("1e2000000000"));
  }

  @Test
  void onlyListedValuesPass() throws InvalidRowException {
    builder.set("status", "open");
    refused("status", "OPEN");
    refused("status", "opened");
    refused("status", "");
  }

  @Test
  void lengthCountsCodePoints() throws InvalidRowException {
    builder.set("name", "\ud83d\ude00\ud83d\ude00\ud83d\ude00");
    refused("name", "abcd");
    refused("task_id", "abcde");
    refused("task_id", "");
  }

  @Test
  void unpairedSurrogateIsRefused() {
    refused("body", "\ud83d");
    refused("body", "\ude00");
    refused("body", "\ude00\ud83d");
    refused("body", "a\ud83db");
  }

  @Test
  void textLargerThanItsLimitIsRefused() throws InvalidRowException {
    builder.set("body", "\u00e9".repeat(Limits.TEXT_BYTES / 2));
    refused("body", "\u00e9".repeat(Limits.TEXT_BYTES / 2) + "a");
  }

  @Test
  void valueOfAnotherTypeIsRefused() {
    refused("count", "1");
    refused("body", 1L);
    refused("ratio", Double.NaN);
    refused("ratio", Double.POSITIVE_INFINITY);
  }

  @Test
  void requiredIsNeitherNullNorAbsent() throws InvalidRowException {
    refused("status", null);
    builder.set("task_id", "a");
    InvalidRowException failure =
        catchThrowableOfType(InvalidRowException.class, builder::checkComplete);
    assertThat(failure.field()).isEqualTo("status");
    builder.set("status", "open").checkComplete();
  }

  @Test
  void laterValueWinsAndAFailedOneLeavesTheFieldAbsent() throws InvalidRowException {
    builder.set("name", "abc").set("name", "de");
    assertThat(builder.build().value("name")).isEqualTo("de");
    refused("name", "too long");
    assertThat(builder.build().isAbsent(TASKS.ordinal("name"))).isTrue();
  }

  @Test
  void negativeZeroBecomesZero() throws InvalidRowException {
    builder.set("ratio", -0.0);
    assertThat(builder.build()).isEqualTo(Row.of(TASKS).set("ratio", 0.0).build());
  }

  @Test
  void whatIsStoredIsReadWhateverTodaysBoundsSay() throws InvalidRowException {
    Row row = RowBuilder.ofStored(TASKS).set("count", 99L).set("status", "old").build();
    assertThat(row.value("count")).isEqualTo(99L);
  }

  @Test
  void clearedBuilderKnowsNothing() throws InvalidRowException {
    builder.set("task_id", "a").set("body", "text").clear();
    for (int i = 0; i < TASKS.fields().size(); i++) {
      assertThat(builder.isAbsent(i)).isTrue();
    }
  }
}
