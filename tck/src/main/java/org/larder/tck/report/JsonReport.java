package org.larder.tck.report;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.larder.storage.spi.Capability;

/** Writes a report as JSON, for programs. Stateless. */
final class JsonReport {
  private final StringBuilder text = new StringBuilder();
  private String separator = "";

  private JsonReport() {}

  static String of(Report report) {
    JsonReport json = new JsonReport();
    json.object(() -> json.write(report));
    return json.text.append('\n').toString();
  }

  private void write(Report report) {
    text("verdict", report.verdict().name());
    text("summary", report.summary());
    text("kit_version", report.kitVersion());
    text("date", report.date().toString());
    text("java", report.java());
    text("test_class", report.testClass());
    report.subject().ifPresent(subject -> name("backend").object(() -> write(subject)));
    name("capabilities").array(List.of(Capability.values()), each -> write(report, each));
    name("counts")
        .object(
            () -> {
              for (Outcome outcome : Outcome.values()) {
                name(outcome.name().toLowerCase(Locale.ROOT)).raw(report.count(outcome));
              }
            });
    name("troubles").array(report.troubles(), this::string);
    name("parts").array(report.parts(), part -> object(() -> write(part)));
  }

  private void write(Subject subject) {
    text("name", subject.name());
    text("kind", subject.kind());
    name("interfaces").array(subject.mixins(), this::string);
  }

  private void write(Report report, Capability capability) {
    object(
        () -> {
          text("name", capability.name());
          boolean declared =
              report.subject().map(s -> s.capabilities().contains(capability)).orElse(false);
          name("declared").raw(declared);
          name("tests").array(report.about(capability), finding -> string(finding.test()));
        });
  }

  private void write(Report.Part part) {
    text("name", part.name());
    text("promise", part.promise());
    name("tests").array(part.findings(), finding -> object(() -> write(finding)));
  }

  private void write(Finding finding) {
    text("name", finding.test());
    text("outcome", finding.outcome().name().toLowerCase(Locale.ROOT));
    if (!finding.reason().isEmpty()) {
      text("reason", finding.reason());
    }
    name("took_ms").raw(finding.took().toMillis());
  }

  private void object(Runnable members) {
    open('{');
    members.run();
    close('}');
  }

  private <T> void array(List<T> values, Consumer<T> each) {
    open('[');
    values.forEach(each);
    close(']');
  }

  private void open(char bracket) {
    text.append(separator).append(bracket);
    separator = "";
  }

  private void close(char bracket) {
    text.append(bracket);
    separator = ",";
  }

  private JsonReport name(String name) {
    string(name);
    text.append(':');
    separator = "";
    return this;
  }

  private void text(String name, String value) {
    name(name).string(value);
  }

  private void raw(Object value) {
    text.append(separator).append(value);
    separator = ",";
  }

  private void string(String value) {
    text.append(separator).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c >= 0x7f) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
    separator = ",";
  }
}
