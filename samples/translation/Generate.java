import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes the sample project from phrases.tsv: sessions.json, tasks.ndjson, first-tasks.json. The
 * same input gives the same bytes.
 *
 * <p>{@code java samples/translation/Generate.java [folder]}, from the top of the checkout.
 */
public final class Generate {
  private static final int VARIANTS = 11;
  private static final int BATCH_TASKS = 50;
  private static final Instant BEGIN = Instant.parse("2026-01-12T08:00:00Z");
  private static final List<String> ERRORS =
      List.of(
          "provider answered 429 three times, gave up",
          "a placeholder is missing in the translation",
          "translation is longer than the 24 characters the cell allows",
          "provider refused: content policy",
          "timeout after 30 s");

  private final Path folder;
  private final SplittableRandom random = new SplittableRandom(20260112);
  private final List<String> sessions = new ArrayList<>();
  private final List<String> tasks = new ArrayList<>();
  private final List<String> firstTasks = new ArrayList<>();

  private Generate(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException {
    new Generate(Path.of(arguments.length > 0 ? arguments[0] : "samples/translation")).run();
  }

  /** A session to be made: how far it came, and where it stands. */
  private record Plan(String language, String status, String provider, double reached) {}

  private static final List<Plan> PLANS =
      List.of(
          new Plan("en", "completed", "anthropic", 1),
          new Plan("ja", "completed", "openai", 1),
          new Plan("ko", "processing", "openai", 0.72),
          new Plan("ru", "failed", "mistral", 0.31),
          new Plan("de", "processing", "anthropic", 0.55),
          new Plan("pt-BR", "completed", "mistral", 1),
          new Plan("ar", "processing", "anthropic", 0.18),
          new Plan("he", "pending", "openai", 0),
          new Plan("th", "cancelled", "qwen", 0.4),
          new Plan("el", "pending", "qwen", 0));

  private void run() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("phrases.tsv"));
    List<String> columns = List.of(lines.get(0).split("\t"));
    for (int i = 0; i < PLANS.size(); i++) {
      Plan plan = PLANS.get(i);
      writeSession(plan, i, cells(lines, columns.indexOf(plan.language())));
    }
    Files.writeString(folder.resolve("sessions.json"), batch("sessions", sessions));
    Files.writeString(folder.resolve("tasks.ndjson"), String.join("\n", tasks) + "\n");
    Files.writeString(folder.resolve("first-tasks.json"), batch("tasks", firstTasks));
  }

  private static String batch(String name, List<String> items) {
    return "{\"" + name + "\":[\n" + String.join(",\n", items) + "\n]}\n";
  }

  /** One cell to translate. */
  private record Cell(String sheet, int row, String source, String target, String context) {}

  private List<Cell> cells(List<String> lines, int column) {
    Map<String, Integer> rows = new LinkedHashMap<>();
    List<Cell> cells = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] phrase = line.split("\t");
      int variants = phrase[2].contains("{#") ? VARIANTS : 1;
      for (int i = 1; i <= variants; i++) {
        // Row 1 of a sheet is its heading.
        int row = rows.merge(phrase[0], 1, Integer::sum) + 1;
        cells.add(
            new Cell(
                phrase[0],
                row,
                fill(phrase[2], i),
                fill(phrase[column], i),
                phrase[1]));
      }
    }
    return cells;
  }

  /** {#} stands for the variant's number, {#5} and {#50} for multiples of it. */
  private static String fill(String text, int number) {
    return text.replace("{#}", Integer.toString(number))
        .replace("{#5}", Integer.toString(5 * number))
        .replace("{#50}", Integer.toString(50 * number))
        .replace("\\n", "\n");
  }

  private void writeSession(Plan plan, int number, List<Cell> cells) {
    String id = "emberfall-" + plan.language();
    Map<String, Integer> counts = new LinkedHashMap<>();
    int reached = (int) Math.round(cells.size() * plan.reached());
    for (int i = 0; i < cells.size(); i++) {
      String status = taskStatus(plan, i, reached);
      counts.merge(status, 1, Integer::sum);
      String task = task(plan, id, cells.get(i), i, status, number);
      tasks.add(task);
      // Every fortieth cell of the Japanese sheet: short, and something of each kind.
      if (plan.language().equals("ja") && i % 40 == 0) {
        firstTasks.add(task);
      }
    }
    sessions.add(
        new Item()
            .text("session_id", id)
            .text("filename", "Emberfall_" + plan.language() + ".xlsx")
            .text("file_path", "/projects/emberfall/2026-01/Emberfall_" + plan.language() + ".xlsx")
            .text("status", plan.status())
            .text("llm_provider", plan.provider())
            .raw(
                "game_info",
                "{\"title\":\"\u4f59\u70ec\u4e4b\u5883 Emberfall\",\"genre\":[\"RPG\",\"co-op\"],"
                    + "\"source_language\":\"zh-Hans\",\"target_language\":\""
                    + plan.language()
                    + "\",\"glossary\":{\"\u4f59\u70ec\":\"ember\","
                    + "\"\u7070\u70ec\u4e4b\u8def\":\"The Ashen Road\"}}")
            .raw("metadata", "{\"priority\":" + (number + 1) + ",\"owner\":\"localisation \ud83c\udf0f\"}")
            .number("total_tasks", cells.size())
            .number("completed_tasks", counts.getOrDefault("completed", 0))
            .number("failed_tasks", counts.getOrDefault("failed", 0))
            .number("processing_tasks", counts.getOrDefault("processing", 0))
            .end());
  }

  private String taskStatus(Plan plan, int index, int reached) {
    if (index < reached) {
      return random.nextInt(40) == 0 ? "failed" : "completed";
    }
    return switch (plan.status()) {
      case "failed" -> "failed";
      case "processing" -> index < reached + 8 ? "processing" : "pending";
      default -> "pending";
    };
  }

  private String task(Plan plan, String session, Cell cell, int index, String status, int number) {
    Item item =
        new Item()
            .text("task_id", session + "." + cell.sheet() + "." + padded(4, cell.row()))
            .text("session_id", session)
            .text("batch_id", session + ".b" + padded(2, index / BATCH_TASKS + 1))
            .text("sheet_name", cell.sheet())
            .number("row_index", cell.row())
            .text("column_name", plan.language())
            .text("source_text", cell.source())
            .text("context", cell.context())
            .text("status", status);
    if (status.equals("pending")) {
      return item.end();
    }
    Instant start = BEGIN.plusSeconds(number * 86_400L + index * 3L).plusMillis(millis(900));
    item.text("start_time", start.toString());
    if (status.equals("processing")) {
      return item.number("retry_count", 0).end();
    }
    int duration = 350 + millis(2_400);
    item.text("end_time", start.plusMillis(duration).toString()).number("duration_ms", duration);
    if (status.equals("failed")) {
      return item.number("retry_count", 3)
          .text("error_message", ERRORS.get(random.nextInt(ERRORS.size())))
          .end();
    }
    return item.text("target_text", cell.target())
        .raw("confidence", "0." + (8_000 + random.nextInt(2_000)))
        .number("retry_count", random.nextInt(12) == 0 ? 1 : 0)
        .end();
  }

  private static String padded(int digits, int number) {
    return String.format(Locale.ROOT, "%0" + digits + "d", number);
  }

  private int millis(int bound) {
    return random.nextInt(bound);
  }

  /** Builds one JSON object on one line. */
  private static final class Item {
    private final StringBuilder json = new StringBuilder("{");

    Item text(String name, String value) {
      StringBuilder quoted = new StringBuilder("\"");
      for (char c : value.toCharArray()) {
        switch (c) {
          case '"' -> quoted.append("\\\"");
          case '\\' -> quoted.append("\\\\");
          case '\n' -> quoted.append("\\n");
          default -> quoted.append(c);
        }
      }
      return raw(name, quoted.append('"').toString());
    }

    Item number(String name, long value) {
      return raw(name, Long.toString(value));
    }

    Item raw(String name, String value) {
      json.append(json.length() == 1 ? "" : ",");
      json.append('"').append(name).append("\":").append(value);
      return this;
    }

    String end() {
      return json.append('}').toString();
    }
  }
}
