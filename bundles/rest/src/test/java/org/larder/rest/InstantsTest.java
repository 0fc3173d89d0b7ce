package org.larder.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.storage.model.Row;

class InstantsTest {
  private static final long LAST_SECOND = 253_402_300_799L;

  @ParameterizedTest
  @CsvSource({
    "2026-01-31T09:05:07Z, 2026-01-31T09:05:07Z",
    "2026-01-31T09:05:07, 2026-01-31T09:05:07Z",
    "2026-01-31 09:05:07, 2026-01-31T09:05:07Z",
    "2026-01-31t09:05:07z, 2026-01-31T09:05:07Z",
    "2026-01-31T09:05, 2026-01-31T09:05:00Z",
    "2026-01-31T09, 2026-01-31T09:00:00Z",
    "2026-01-31, 2026-01-31T00:00:00Z",
    "2026-01-31T09:05:07.1234567Z, 2026-01-31T09:05:07.123456Z",
    "'2026-01-31T09:05:07,5Z', 2026-01-31T09:05:07.5Z",
    "2026-01-31T09:05:07+02:00, 2026-01-31T07:05:07Z",
    "2026-01-31T09:05:07-0530, 2026-01-31T14:35:07Z",
    "2026-01-31T09:05:07+09, 2026-01-31T00:05:07Z",
    "20260131T090507Z, 2026-01-31T09:05:07Z",
    "20260131T090507.25+0100, 2026-01-31T08:05:07.25Z",
    "2026-W05-6T09:05:07Z, 2026-01-31T09:05:07Z",
    "2026W056, 2026-01-31T00:00:00Z",
    "2026-031, 2026-01-31T00:00:00Z",
    "2026031T10Z, 2026-01-31T10:00:00Z",
    "2026-01-31T24:00:00Z, 2026-02-01T00:00:00Z",
    "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
  })
  void everyFormOfIso8601IsRead(String text, Instant expected) {
    assertThat(Instants.parse(text)).hasValue(Row.micros(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026",
        "2026-13-01",
        "2026-02-29",
        "1900-02-29T00:00:00Z",
        "2026-01-31T",
        "2026-01-31T25:00:00Z",
        "2026-01-31T24:00:01Z",
        "2026-01-31T09:60:00Z",
        "2026-01-31T09:05:61Z",
        "2026-01-31T09:05:07.Z",
        "2026-01-31T09:05:07+19:00",
        "2026-01-31T09:05:07+02:60",
        "2026-01-31T09:05:07Zx",
        "2026-01-31X09:05:07Z",
        "2026-366",
        "2026-W54-1",
        "1767225600",
        "２026-01-31"
      })
  void whatIsNoTimeIsRefused(String text) {
    assertThat(Instants.parse(text)).isEmpty();
  }

  @Property
  void whatIsWrittenIsReadBack(
      @ForAll @LongRange(min = -62_135_596_800L, max = LAST_SECOND) long second,
      @ForAll @LongRange(min = 0, max = 999_999) long fraction) {
    long micros = second * 1_000_000 + fraction;
    String text = Instants.format(micros);
    assertThat(text).hasSize(27);
    assertThat(Instants.parse(text)).hasValue(micros);
    assertThat(Instant.parse(text)).isEqualTo(Row.instant(micros));
  }

  @Property
  void offsetsAgreeWithTheLibrary(
      @ForAll @LongRange(min = 0, max = 4_102_444_800L) long second,
      @ForAll @LongRange(min = -1_080, max = 1_080) long offsetMinutes) {
    OffsetDateTime time =
        Instant.ofEpochSecond(second).atOffset(ZoneOffset.ofTotalSeconds((int) offsetMinutes * 60));
    assertThat(Instants.parse(time.toString())).hasValue(second * 1_000_000);
  }
}
