package org.larder.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.query.Filter;

class ConditionsTest {
  private static final CollectionSchema NOTES =
      CollectionSchema.named("notes", 1)
          .key("id", 20)
          .field(Field.string("status", 20))
          .field(Field.int64("size"))
          .field(Field.instant("created_at"))
          .build();

  @Test
  void equalityIsTheDefault() {
    assertThat(Conditions.parse(NOTES, List.of("status=a=b")))
        .isEqualTo(Filter.and(Filter.eq("status", "a=b")));
  }

  @Test
  void operandsHaveTheTypeOfTheirField() {
    assertThat(Conditions.parse(NOTES, List.of("size:lt=5", "created_at:ge=2026-01-01T00:00:00Z")))
        .isEqualTo(
            Filter.and(
                Filter.lt("size", 5L),
                Filter.ge("created_at", Instant.parse("2026-01-01T00:00:00Z"))));
  }

  @Test
  void nullAsksForWhatIsMissing() {
    assertThat(Conditions.parse(NOTES, List.of("status=null", "size:ne=null")))
        .isEqualTo(
            Filter.and(new Filter.IsNull("status"), new Filter.Not(new Filter.IsNull("size"))));
  }

  @Test
  void wordThatIsNoConditionIsNamed() {
    assertThatThrownBy(() -> Conditions.parse(NOTES, List.of("status")))
        .hasMessageContaining("'status' is no condition");
    assertThatThrownBy(() -> Conditions.parse(NOTES, List.of("size=many")))
        .hasMessageContaining("'many' does not fit size");
    assertThatThrownBy(() -> Conditions.parse(NOTES, List.of("size:like=1")))
        .hasMessageContaining("'like' is none of");
  }
}
