package org.larder.bench.load;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What items have in common: every field of a translation task that is not its identity.
 *
 * @param status pending, processing, completed or failed
 */
public record Template(
    String sheetName,
    String columnName,
    String sourceText,
    String targetText,
    String status,
    BigDecimal confidence,
    int retryCount,
    Instant startTime,
    Instant endTime,
    int durationMs) {

  /** How many there are; item {@code n} has the template {@code n % COUNT}. */
  public static final int COUNT = 100;

  private static final List<String> SHEETS = List.of("UI", "Items", "Skills", "Quests", "Dialogue");
  private static final List<String> COLUMNS = List.of("en", "ja", "ko", "ru", "ar", "th");
  private static final List<String> SOURCES =
      List.of(
          "\u6b22\u8fce\u56de\u6765\uff0c{player}\uff01\u4eca\u665a\u60f3\u559d\u4ec0\u4e48\uff1f",
          "\u5b88\u4f4f\u57ce\u95e8\uff01\u4e00\u4e2a\u4e5f\u522b\u653e\u8fdb\u6765\uff01",
          "\u5bf9 {target} \u9020\u6210 250 \u70b9\u4f24\u5bb3\u3002");
  private static final List<String> TARGETS =
      List.of(
          "Welcome back, {player}! What will it be tonight?",
          "\u041d\u0438\u043a\u043e\u0433\u043e \u043d\u0435 \u043f\u0443\u0441\u043a\u0430\u0442\u044c!",
          "{target}\u306b250\u306e\u30c0\u30e1\u30fc\u30b8\u3092\u4e0e\u3048\u308b \ud83d\udd25",
          "\u0627\u062d\u0645\u0648\u0627 \u0627\u0644\u0628\u0648\u0627\u0628\u0629!");
  private static final List<Template> ALL = all();

  /** The template of the item with that number. */
  public static Template of(long number) {
    return ALL.get((int) (number % COUNT));
  }

  /** The text of the translation; pending tasks have none. */
  public Optional<String> target() {
    return Optional.ofNullable(targetText);
  }

  private static List<Template> all() {
    List<Template> templates = new ArrayList<>();
    Instant begin = Instant.parse("2026-03-01T09:00:00Z");
    for (int i = 0; i < COUNT; i++) {
      String status = status(i);
      int durationMs = 400 + i * 17;
      Instant start = begin.plusSeconds(i * 3L);
      templates.add(
          new Template(
              SHEETS.get(i % SHEETS.size()),
              COLUMNS.get(i % COLUMNS.size()),
              SOURCES.get(i % SOURCES.size()),
              status.equals("completed") ? TARGETS.get(i % TARGETS.size()) : null,
              status,
              BigDecimal.valueOf(8_000 + i * 19L, 4),
              i % 10 == 0 ? 1 : 0,
              start,
              start.plusMillis(durationMs),
              durationMs));
    }
    return List.copyOf(templates);
  }

  private static String status(int index) {
    if (index % 10 < 7) {
      return "completed";
    }
    return switch (index % 20) {
      case 7, 17, 8 -> "pending";
      case 18 -> "processing";
      default -> "failed";
    };
  }
}
