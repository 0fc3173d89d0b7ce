package org.larder.bench.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Writes figures for programs: every value of every run. */
public final class JsonReport {
  private JsonReport() {}

  /** Writes the report, and beside it on what and how it was made. */
  public static void write(Report report, Map<String, String> environment, Path file)
      throws IOException {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    ObjectNode about = root.putObject("environment");
    environment.forEach(about::put);
    ArrayNode figures = root.putArray("figures");
    for (Line line : report.lines()) {
      ObjectNode figure = figures.addObject();
      figure.put("section", line.section());
      figure.put("name", line.name());
      figure.put("unit", line.unit());
      figure.put("median", line.median());
      line.values().forEach(figure.withArray("runs")::add);
      line.target()
          .ifPresent(
              target -> {
                figure.put("bound", target.bound().name().toLowerCase(Locale.ROOT));
                figure.put("limit", target.limit());
                figure.put("target", target.text());
                figure.put("verdict", line.verdict().name().toLowerCase(Locale.ROOT));
              });
      if (!line.note().isEmpty()) {
        figure.put("note", line.note());
      }
    }
    ArrayNode failures = root.putArray("failures");
    report.failures().forEach(failures::add);
    mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
  }
}
